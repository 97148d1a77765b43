package io.github.pixelwise.internal.plugin;

import io.github.pixelwise.spi.BackendProvider;
import io.github.pixelwise.spi.ModelProvider;
import java.net.URL;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The providers of a service. A broken jar does not hide the others: it is recorded as a problem.
 *
 * @param providers the providers that could be created
 * @param problems one sentence for each that could not
 */
public record Discovery<S>(List<S> providers, List<String> problems) {
  /**
   * Why a provider may be missing although its classes are present, as the end of advice to add it.
   */
  public static final String IN_A_SHADED_JAR = ", or, in a shaded jar, merge META-INF/services";

  /** More failures than this in one class loader mean that its iterator does not advance. */
  private static final int MAX_FAILURES = 1000;

  /**
   * Finds the providers in a class loader, or in the library's own and the context class loader if
   * null.
   *
   * @param service the service
   * @param use calls what must work for a provider to be usable; a provider for another version of
   *     the service fails here
   * @param loader the class loader, or null
   */
  public static <S> Discovery<S> of(
      Class<S> service, Consumer<S> use, @Nullable ClassLoader loader) {
    Stream<@Nullable ClassLoader> loaders =
        loader != null
            ? Stream.of(loader)
            : Arrays.stream(
                new @Nullable ClassLoader[] {
                  Discovery.class.getClassLoader(), Thread.currentThread().getContextClassLoader()
                });
    Map<Class<?>, S> providers = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    loaders
        .filter(Objects::nonNull)
        .distinct()
        .forEach(l -> collect(service, use, ServiceLoader.load(service, l), providers, problems));
    return new Discovery<>(List.copyOf(providers.values()), problems.stream().distinct().toList());
  }

  /** Says that two providers use the same name, and which jars they come from. */
  public static String twoOfOneName(String kind, String name, Object first, Object second) {
    return "two %s have the name \"%s\": %s and %s. Remove one of the jars from the class path."
        .formatted(kind, name, origin(first.getClass()), origin(second.getClass()));
  }

  /** Problems as the end of a message; empty if there are none. */
  public static String describe(List<String> problems) {
    return problems.isEmpty() ? "" : " Problems: " + String.join("; ", problems) + ".";
  }

  private static String origin(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    URL location = source == null ? null : source.getLocation();
    return type.getName() + (location == null ? "" : " in " + location);
  }

  // A bad line in a provider file, a missing class, a missing superclass and a failing constructor
  // cause different errors, from hasNext(), next() or get(). A later call continues with the next
  // provider.
  private static <S> void collect(
      Class<S> service,
      Consumer<S> use,
      ServiceLoader<S> loader,
      Map<Class<?>, S> providers,
      List<String> problems) {
    Iterator<ServiceLoader.Provider<S>> found = loader.stream().iterator();
    for (int failures = 0; failures < MAX_FAILURES; ) {
      @Nullable Class<?> type = null;
      try {
        if (!found.hasNext()) {
          return;
        }
        ServiceLoader.Provider<S> provider = found.next();
        type = provider.type();
        if (!providers.containsKey(type)) {
          S made = provider.get();
          use.accept(made);
          providers.put(type, made);
        }
      } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
        failures++;
        problems.add(
            "a %s cannot be loaded%s: %s"
                .formatted(kind(service), type == null ? "" : ", " + origin(type), rootMessage(e)));
      }
    }
  }

  private static String kind(Class<?> service) {
    return service == BackendProvider.class
        ? "backend"
        : service == ModelProvider.class ? "model provider" : "preprocessor provider";
  }

  private static String rootMessage(Throwable error) {
    Throwable cause = error.getCause();
    return cause == null ? error.toString() : error.getMessage() + " (" + rootMessage(cause) + ")";
  }
}
