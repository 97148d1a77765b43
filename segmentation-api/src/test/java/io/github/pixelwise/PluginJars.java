package io.github.pixelwise;

import io.github.pixelwise.fakes.FakeBackend;
import io.github.pixelwise.spi.BackendProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** Class paths for tests: jars of plug-ins, each with its service file. */
final class PluginJars {
  private final Path folder;
  private final List<URL> jars = new ArrayList<>();

  /** Jars are written to this folder. */
  PluginJars(Path folder) {
    this.folder = folder;
  }

  /** Adds a jar with one of the fake backends. */
  PluginJars addBackend(Class<? extends FakeBackend> backend) throws IOException {
    return add(backend, FakeBackend.class, FakeBackend.Session.class);
  }

  /** Adds a jar that declares a plug-in and holds its class and these others. */
  PluginJars add(Class<?> plugin, Class<?>... others) throws IOException {
    return add(plugin.getName(), plugin, others);
  }

  /** Adds a jar whose service file has this line. */
  PluginJars add(String line, Class<?> plugin, Class<?>... others) throws IOException {
    Path jar = folder.resolve(plugin.getSimpleName() + ".jar");
    String service =
        BackendProvider.class.isAssignableFrom(plugin) ? "BackendProvider" : "ModelProvider";
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream content = new JarOutputStream(out)) {
      content.putNextEntry(new JarEntry("META-INF/services/io.github.pixelwise.spi." + service));
      content.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      write(content, plugin);
      for (Class<?> other : others) {
        write(content, other);
      }
    }
    jars.add(jar.toUri().toURL());
    return this;
  }

  private static void write(JarOutputStream jar, Class<?> type) throws IOException {
    String name = type.getName().replace('.', '/') + ".class";
    jar.putNextEntry(new JarEntry(name));
    try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
      in.transferTo(jar);
    }
  }

  /** A class loader that finds plug-ins in these jars only. */
  ClassLoader loader() throws MalformedURLException {
    ClassLoader library = PluginJars.class.getClassLoader();
    ClassLoader withoutFakes =
        new ClassLoader(library) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.github.pixelwise.fakes.")) {
              throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
          }
        };
    return new URLClassLoader(jars.toArray(new URL[0]), withoutFakes);
  }
}
