package io.github.pixelwise.zoo;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The addresses to download from: those of the entries, or the same paths on a mirror. */
final class Mirror {
  private static final String PROPERTY = "pixelwise.zoo.mirror";
  private static final String VARIABLE = "PIXELWISE_ZOO_MIRROR";
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private Mirror() {}

  /** Returns the address to use for a published one. */
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
      // Reported below, like any other address that is not valid.
    }
    throw new IOException(
        ("the zoo's mirror is \"%s\", set by -D%s or %s; expected an address https://HOST/PATH "
                + "(http only for localhost). %s is appended to it.")
            .formatted(mirror.get(), PROPERTY, VARIABLE, published.getRawPath()));
  }

  /** Whether an address is safe from tampering in transit. */
  static boolean isSecure(URI address) {
    return address.getHost() != null
        && ("https".equalsIgnoreCase(address.getScheme())
            || ("http".equalsIgnoreCase(address.getScheme())
                && LOOPBACK.contains(address.getHost())));
  }
}
