package io.github.pixelwise.zoo;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Which addresses are asked: those of the entries, or the same paths below that of a mirror. */
final class Mirror {
  private static final String PROPERTY = "pixelwise.zoo.mirror";
  private static final String VARIABLE = "PIXELWISE_ZOO_MIRROR";
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private Mirror() {}

  /** The address to ask for one that was published. */
  static URI of(URI published) throws IOException {
    Optional<String> mirror =
        Stream.of(System.getProperty(PROPERTY), System.getenv(VARIABLE))
            .filter(address -> address != null && !address.isEmpty())
            .findFirst();
    if (mirror.isEmpty()) {
      return published;
    }
    try {
      URI address = new URI(mirror.get().replaceFirst("/+$", "") + published.getRawPath());
      if (isSecure(address)) {
        return address;
      }
    } catch (URISyntaxException e) {
      // Said below, as of any other address that is none.
    }
    throw new IOException(
        ("the zoo's mirror is \"%s\", by -D%s or %s; expected an address https://HOST/PATH (http only"
                + " for this very host). %s is then asked for below it.")
            .formatted(mirror.get(), PROPERTY, VARIABLE, published.getRawPath()));
  }

  /** Whether nobody on the way can change what comes from an address. */
  private static boolean isSecure(URI address) {
    return address.getHost() != null
        && ("https".equalsIgnoreCase(address.getScheme())
            || ("http".equalsIgnoreCase(address.getScheme())
                && LOOPBACK.contains(address.getHost())));
  }
}
