package io.github.pixelwise.cli;

import io.github.pixelwise.network.Networks;
import java.util.Iterator;

/** The names of the networks, for help pages. */
final class NetworkNames implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Networks.names().iterator();
  }
}
