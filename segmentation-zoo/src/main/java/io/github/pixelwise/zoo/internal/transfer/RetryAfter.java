package io.github.pixelwise.zoo.internal.transfer;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long a server asks to wait. */
public final class RetryAfter {
  /** The length of the Hub's window for counting requests, in seconds. */
  static final long LONGEST = 300;

  private static final long HOUR = 3600;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;

  /** The seconds until more is allowed, in the header of draft-ietf-httpapi-ratelimit-headers. */
  private static final Pattern RESET = Pattern.compile(";\\s*t\\s*=\\s*(\\d{1,9})");

  private RetryAfter() {}

  /** Returns the seconds, empty if the response does not ask to wait. */
  public static OptionalLong seconds(HttpResponse<?> response) {
    if (response.statusCode() != TOO_MANY_REQUESTS && response.statusCode() != UNAVAILABLE) {
      return OptionalLong.empty();
    }
    String after = response.headers().firstValue("Retry-After").orElse("").strip();
    if (after.matches("\\d{1,9}")) {
      return OptionalLong.of(Long.parseLong(after));
    }
    if (!after.isEmpty()) {
      return untilDate(after);
    }
    Matcher reset = RESET.matcher(response.headers().firstValue("RateLimit").orElse(""));
    return reset.find() ? OptionalLong.of(Long.parseLong(reset.group(1))) : OptionalLong.empty();
  }

  /** Describes how long a response asks to wait, for messages; empty if it does not. */
  public static String description(HttpResponse<?> response) {
    OptionalLong seconds = seconds(response);
    if (seconds.isEmpty()) {
      return "";
    }
    return seconds.getAsLong() <= HOUR
        ? "; the server asks to wait %d s".formatted(seconds.getAsLong())
        : "; the server asks to wait until "
            + ZonedDateTime.now(ZoneOffset.UTC)
                .plusSeconds(seconds.getAsLong())
                .format(DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT));
  }

  private static OptionalLong untilDate(String date) {
    try {
      ZonedDateTime then = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME);
      long seconds = Duration.between(ZonedDateTime.now(then.getZone()), then).toSeconds();
      return OptionalLong.of(Math.max(0, seconds + 1)); // rounded up
    } catch (DateTimeParseException e) {
      return OptionalLong.empty();
    }
  }
}
