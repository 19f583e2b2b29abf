package io.divvy.node.download.place;

import io.divvy.node.download.list.Line.Wanted;
import io.divvy.node.download.list.Mark;
import io.divvy.node.download.list.Marks;
import java.util.Locale;

/**
 * Gives every item of a list its name. Asked in the order of the list, it gives the same names on
 * every run, whatever happens to be finished first: of two items that want one name the later one
 * gets {@code -2}, {@code -3} and so on before its extension.
 *
 * <p>Names are the same that differ in upper and lower case or in how an accent is written. A name
 * whose extension is not known yet shuts out every other one that begins with it and has at most
 * such an extension more. Not for several threads.
 */
public final class Names {

  // What a text is to the names given so far; the number to try next stands above these bits.
  private static final int FILE = 1;
  private static final int OPEN = 2;
  private static final int BEFORE_EXTENSION = 4;
  private static final int FOLDER = 8;
  private static final int NUMBER_SHIFT = 4;
  private static final int KINDS = (1 << NUMBER_SHIFT) - 1;

  private final Template template;
  private final Marks claims = new Marks();

  public Names(Template template) {
    this.template = template;
  }

  /** The name of the next item. */
  public Name claim(Wanted item) {
    Name wished = template.name(item);
    String folder = folder(wished.folder());
    String stem = wished.stem();
    String ending = wished.extension().orElse("");
    boolean open = wished.extension().isEmpty();
    Name name = new Name(folder, stem, wished.extension());
    if (!isFree(folder + stem + ending, open)) {
      // Where the last one with this name left off: a million alike are not tried from 2 each.
      Mark counter = mark(folder + stem + ending);
      long number = Math.max(2, bits(counter) >>> NUMBER_SHIFT);
      do {
        int room = open ? Extensions.LONGEST : ending.length();
        String numbered = FileNames.fitted(stem, "-" + number++, room);
        name = new Name(folder, numbered, wished.extension());
      } while (!isFree(folder + name.stem() + ending, open));
      claims.put(counter, (number << NUMBER_SHIFT) | (bits(counter) & KINDS));
    }
    take(folder + name.stem() + ending, open);
    return name;
  }

  // A folder cannot have the name of a file; the one of the two that comes later gives way.
  private String folder(String wished) {
    String folder = "";
    for (int start = 0; start < wished.length(); ) {
      int end = wished.indexOf('/', start);
      String name = folder + wished.substring(start, end);
      while (is(name, FILE | OPEN) || is(beforeExtension(name), OPEN)) {
        name += "_";
      }
      add(name, FOLDER);
      if (template.open()) {
        add(beforeExtension(name), BEFORE_EXTENSION);
      }
      folder = name + "/";
      start = end + 1;
    }
    return folder;
  }

  private boolean isFree(String name, boolean open) {
    int taken = FILE | OPEN | FOLDER | (open ? BEFORE_EXTENSION : 0);
    return !is(name, taken) && !is(beforeExtension(name), OPEN);
  }

  private void take(String name, boolean open) {
    add(name, open ? FILE | OPEN : FILE);
    String before = beforeExtension(name);
    // Only an open name asks for this, and most lists have none but "index".
    if (template.open() || before.toLowerCase(Locale.ROOT).startsWith("index")) {
      add(before, BEFORE_EXTENSION);
    }
  }

  private boolean is(String name, int what) {
    return (bits(mark(name)) & what) != 0;
  }

  private void add(String name, int what) {
    Mark mark = mark(name);
    claims.put(mark, bits(mark) | what);
  }

  private long bits(Mark mark) {
    return Math.max(0, claims.get(mark));
  }

  private static Mark mark(String name) {
    return Mark.of(FileNames.folded(name));
  }

  // What an open name would have to be to end up as this one; the name itself when none could.
  private static String beforeExtension(String name) {
    int dot = name.lastIndexOf('.');
    return dot > name.lastIndexOf('/') && Extensions.isKnown(name.substring(dot))
        ? name.substring(0, dot)
        : name;
  }
}
