/** Plug-ins for tests; {@code PluginJars} packs them into jars. */
package io.github.pixelwise.fakes;
