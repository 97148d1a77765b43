package io.github.pixelwise.postprocess.internal;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;

/**
 * Letters on a grid of 6 columns and 12 rows, drawn by us: servers often have no fonts. ASCII and
 * Latin-1 are complete; other Latin letters are put together of a letter and its accent, and what
 * is left is a box.
 */
final class Glyphs {
  static final int COLUMNS = 6;
  static final int ROWS = 12;

  /** The row of the grid in which capitals begin. */
  private static final int TOP = 3;

  /** The row below the base line. */
  private static final int BELOW = 10;

  /** The columns of a letter; one more keeps letters apart. */
  private static final int INK = 5;

  /** How far an accent is lower on a small letter. */
  private static final int LOWER = 2;

  private static final String UNKNOWN = "vhhhhhv";

  /**
   * The rows of each letter from the top of capitals down, each a digit to the base of 32, whose
   * highest bit is the leftmost column.
   */
  private static final Map<Integer, String> LETTERS =
      parse(
          """
          A ehhvhhh B uhhuhhu C ehggghe D uhhhhhu E vgguggv F vgguggg G ehgnhhf H hhhvhhh
          I e44444e J 72222ic K hikokih L ggggggv M hrllhhh N hhpljhh O ehhhhhe P uhhuggg
          Q ehhhlid R uhhukih S fgge11u T v444444 U hhhhhhe V hhhhha4 W hhhllla X hha4ahh
          Y hhha444 Z v1248gv a 00e1fhf b ggmphhu c 00egghe d 11djhhf e 00ehvge f 698s888
          g 00fhhhf1e h ggmphhh i 40c444e j 2062222ic k ggikoki l c44444e m 00qllhh n 00mphhh
          o 00ehhhe p 00uhhhugg q 00fhhhf11 r 00mpggg s 00ege1u t 88s8896 u 00hhhjd v 00hhha4
          w 00hhlla x 00ha4ah y 00hhhhf1e z 00v248v 0 ehjlphe 1 4c4444e 2 eh1248v 3 v2421he
          4 26aiv22 5 vgu11he 6 68guhhe 7 v124888 8 ehhehhe 9 ehhf12c ! 4444404 " aaa0000
          # aavavaa $ 4fke5u4 % h22488h & cik8lid ' 4480000 ( 2488842 ) 8422248 * 04lel40
          + 044v440 , 00000448 - 000e000 . 0000004 / 01248g0 : 0040040 ; 0040048 < 248g842
          = 00v0v00 > 8421248 ? eh12404 @ eh1dlle [ e88888e \\ 0g84210 ] e22222e ^ 4ah0000
          _ 0000000v ` 8420000 { 2448442 | 4444444 } 8442448 ~ 008l200 ¡ 4044444 ¢ 04fkkf4
          £ 698s88v ¤ 0heheh0 ¥ ha4v4v4 ¦ 4440444 § fgehe1u « 009i900 ¬ 000v110
          ° 4a40000 ± 044v44v ¶ fttd555 · 0004000 » 00i9i00 ¿ 4048ghe Æ fkkvkkn
          Ð uhhthhu × 00ha4ah Ø djjlppm Þ guhhugg ß eikihhm æ 00q5vkb ð a4afhhe ÷ 040v040
          ø 00djlpm þ gguhhhugg μ 00hhhpmgg ı 00c444e ȷ 0062222ic Ł 8ac8o8f ł c464c4e Œ fkknkkf
          œ 00alnkb Đ uhhthhu đ 272djhf
          """);

  /** The two rows of each accent, those below a letter after a comma. */
  private static final Map<Integer, String> ACCENTS =
      Map.ofEntries(
          Map.entry(0x300, "84"), // grave
          Map.entry(0x301, "24"), // acute
          Map.entry(0x302, "4a"), // circumflex
          Map.entry(0x303, "dm"), // tilde
          Map.entry(0x304, "0e"), // macron
          Map.entry(0x306, "he"), // breve
          Map.entry(0x307, "04"), // dot
          Map.entry(0x308, "0a"), // diaeresis
          Map.entry(0x30a, "ea"), // ring, open below
          Map.entry(0x30b, "5a"), // double acute
          Map.entry(0x30c, "a4"), // caron
          Map.entry(0x326, ",48"), // comma below
          Map.entry(0x327, ",48"), // cedilla
          Map.entry(0x328, ",43")); // ogonek

  private static final Map<Integer, Integer> SIMILAR =
      Map.of(
          0x2018,
          (int) '\'',
          0x2019,
          (int) '\'',
          0x201c,
          (int) '"',
          0x201d,
          (int) '"', //
          0x2010,
          (int) '-',
          0x2013,
          (int) '-',
          0x2014,
          (int) '-',
          0x2044,
          (int) '/');

  private Glyphs() {}

  private static Map<Integer, String> parse(String table) {
    String[] words = table.strip().split("\\s+", -1);
    Map<Integer, String> letters = new HashMap<>();
    letters.put((int) ' ', "");
    for (int i = 0; i < words.length; i += 2) {
      letters.put(words[i].codePointAt(0), words[i + 1]);
    }
    return letters;
  }

  /** What is drawn for a text: a grid for each letter, row by row. */
  static List<boolean[]> of(String text) {
    List<boolean[]> grids = new ArrayList<>();
    PrimitiveIterator.OfInt points =
        Normalizer.normalize(text.replace("©", "(c)").replace("®", "(r)"), Normalizer.Form.NFKD)
            .codePoints()
            .iterator();
    while (points.hasNext()) {
      int point = points.nextInt();
      String accent = ACCENTS.get(point);
      if (accent != null && !grids.isEmpty()) {
        put(accent, grids.get(grids.size() - 1));
      } else if (Character.getType(point) != Character.NON_SPACING_MARK
          && Character.getType(point) != Character.FORMAT) {
        grids.add(letter(SIMILAR.getOrDefault(point, point)));
      }
    }
    return grids;
  }

  private static boolean[] letter(int point) {
    boolean[] grid = new boolean[COLUMNS * ROWS];
    put(LETTERS.getOrDefault(point, UNKNOWN), TOP, grid);
    return grid;
  }

  private static void put(String rows, int top, boolean[] grid) {
    for (int row = 0; row < rows.length(); row++) {
      int bits = Character.digit(rows.charAt(row), 32);
      for (int column = 0; column < INK; column++) {
        grid[(top + row) * COLUMNS + column] |= (bits >> (INK - 1 - column) & 1) != 0;
      }
    }
  }

  /** Puts an accent above or below a letter. It replaces the dot of an i or a j. */
  private static void put(String accent, boolean[] grid) {
    if (accent.startsWith(",")) {
      put(accent.substring(1), BELOW, grid);
      return;
    }
    boolean small = isEmpty(TOP + 1, grid);
    if (small) {
      for (int column = 0; column < COLUMNS; column++) {
        grid[TOP * COLUMNS + column] = false;
      }
    }
    put(accent, small ? LOWER : 0, grid);
  }

  private static boolean isEmpty(int row, boolean[] grid) {
    for (int column = 0; column < COLUMNS; column++) {
      if (grid[row * COLUMNS + column]) {
        return false;
      }
    }
    return true;
  }
}
