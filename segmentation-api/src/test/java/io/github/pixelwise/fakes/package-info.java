/** Plug-ins for tests; {@link io.github.pixelwise.PluginJars} packs them into jars. */
package io.github.pixelwise.fakes;
