package io.github.pixelwise.server;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request's body contains.
 *
 * @param photo the bytes of the photo's file; empty if there are none
 * @param name the photo's name without folders and suffix, safe as part of a file name
 * @param background the bytes of the background's file; null if there is none
 * @param recipe the text of the recipe; null if there is none
 * @param fields the values of the other parts, by their names
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Upload(
    byte[] photo,
    String name,
    byte @Nullable [] background,
    @Nullable String recipe,
    Map<String, List<String>> fields) {}
