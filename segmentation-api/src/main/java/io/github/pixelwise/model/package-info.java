/**
 * Model cards: what a network expects of its input and how its output is read. Applications need
 * this package only for models without a card.
 */
@NullMarked
package io.github.pixelwise.model;

import org.jspecify.annotations.NullMarked;
