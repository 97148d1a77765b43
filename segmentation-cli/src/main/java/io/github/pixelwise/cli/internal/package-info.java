/** What the commands share to talk to people: tables, progress, warnings, and Ctrl-C. */
@NullMarked
package io.github.pixelwise.cli.internal;

import org.jspecify.annotations.NullMarked;
