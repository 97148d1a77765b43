package io.github.pixelwise.training;

import java.util.List;

/** Collects notes. */
final class Notes {
  private Notes() {}

  static TrainingListener into(List<String> notes) {
    return new TrainingListener() {
      @Override
      public void onNote(String text) {
        notes.add(text);
      }
    };
  }
}
