/**
 * Model cards: what a network expects as its input, and how to read its output. Applications need
 * this package only for models without a card.
 */
@NullMarked
package io.github.pixelwise.model;

import org.jspecify.annotations.NullMarked;
