package io.divvy.node.download.place;

import io.divvy.node.download.list.Mark;
import io.divvy.node.download.place.StoreException.Trouble;
import io.divvy.node.input.UsageException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * The folder that downloads go to. A file grows under {@code DIR/.divvy/part} and gets its name
 * when all of it is there; no file that has the name already is touched. Several JVMs may have one
 * DIR open. For any number of threads, each {@link Part} for one at a time.
 */
public final class Store implements Closeable {

  /** The folder in DIR that belongs to Divvy. */
  public static final String PRIVATE = ".divvy";

  private static final long ROOM_CHECKED_EVERY = 16L << 20;
  private static final int MOST_NUMBERS = 1_000_000;

  private final Path dir;
  private final Path parts;
  private final long floor;
  private final FileStore disk;
  private final Locks locks;
  private final boolean links;
  private final AtomicLong unchecked = new AtomicLong();
  private final Set<Path> unsynced = new HashSet<>();

  private Store(Path dir, Path parts, long floor, FileStore disk, Locks locks, boolean links) {
    this.dir = dir;
    this.parts = parts;
    this.floor = floor;
    this.disk = disk;
    this.locks = locks;
    this.links = links;
  }

  /**
   * Opens DIR, and makes it if need be.
   *
   * @param floor how many bytes stay free on its disk
   * @throws UsageException when nothing can be put there
   */
  public static Store open(Path dir, long floor) throws UsageException {
    return open(dir, floor, true);
  }

  static Store open(Path dir, long floor, boolean links) throws UsageException {
    try {
      if (Files.exists(dir) && !Files.isDirectory(dir)) {
        throw new UsageException("--to " + dir + " is a file; give a folder");
      }
      if (!Files.isDirectory(dir)) {
        Files.createDirectories(dir);
      }
      Path real = dir.toRealPath();
      Path parts = privateFolder(real, PRIVATE, "part");
      Locks locks = Locks.open(parts.resolve("lock"));
      return new Store(real, parts, floor, Files.getFileStore(parts), locks, links);
    } catch (IOException e) {
      throw new UsageException(
          "--to " + dir + " cannot be written: " + StoreException.why(e) + "; give another folder",
          e);
    }
  }

  /** A folder of ours in DIR. A link there could lead all that we write elsewhere. */
  private static Path privateFolder(Path dir, String... names) throws IOException, UsageException {
    Path folder = dir;
    for (String name : names) {
      folder = folder.resolve(name);
      makeFolder(folder);
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw new UsageException(
            "--to "
                + dir
                + ": "
                + folder
                + " is a link or a file; remove it, or give another folder");
      }
    }
    return folder;
  }

  private static void makeFolder(Path folder) throws IOException {
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      // Whatever it is, the caller looks at it.
    }
  }

  /** DIR by its real path. */
  public Path dir() {
    return dir;
  }

  /**
   * The temporary file of an item, with what an earlier transfer left of it. When another JVM or
   * thread has it open, a second one that nobody can go on with.
   */
  public Part part(Mark key) throws StoreException {
    try {
      String name = key.hex();
      Optional<FileLock> lock = locks.take(key);
      if (lock.isPresent()) {
        return Part.shared(
            this, parts.resolve(name + ".part"), parts.resolve(name + ".json"), lock.get());
      }
      name += "-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
      // Taken, so that nobody sweeps it away.
      return Part.own(this, parts.resolve(name + ".part"), locks.take(Mark.of(name)));
    } catch (IOException e) {
      throw StoreException.of("cannot open a temporary file in " + parts, e);
    }
  }

  /** The temporary file of an item whose bytes come from another machine. */
  public Incoming incoming(Mark key) throws StoreException {
    return new Incoming(part(key));
  }

  /**
   * Checks that as many bytes more leave enough free.
   *
   * @throws StoreException when they do not
   */
  public void checkRoom(long more) throws StoreException {
    long usable;
    try {
      usable = disk.getUsableSpace();
    } catch (IOException e) {
      return; // Whoever cannot tell shall not stop us; the disk itself will.
    }
    // A negative one is a disk of more than 8 exabytes.
    if (usable >= 0 && usable - more < floor) {
      throw new StoreException(
          Trouble.DISK_FULL,
          String.format(
              Locale.ROOT,
              "the disk is full: %s has %,d bytes free, the file needs %,d, and %,d stay free",
              dir,
              usable,
              more,
              floor));
    }
  }

  /** So many bytes are about to be written. Now and then the disk is asked. */
  void writing(int bytes) throws StoreException {
    if (unchecked.addAndGet(bytes) >= ROOM_CHECKED_EVERY) {
      unchecked.set(0);
      checkRoom(bytes);
    }
  }

  /**
   * Gives a whole file its name, or a numbered one where the name is taken. Where the very same
   * bytes stand already, those are the file: an earlier attempt put them there and died before it
   * could tell.
   *
   * @param mine a file that is replaced if it is still what it says
   */
  Placed place(
      Path part, Name name, Optional<String> contentType, Placed file, Optional<Placed> mine)
      throws IOException {
    for (int number = 1; number < MOST_NUMBERS; number++) {
      String path = number == 1 ? name.path(contentType) : name.numbered(number, contentType);
      Path target = resolve(path);
      Placed placed = new Placed(path, file.bytes(), file.sha256());
      if (mine.isPresent() && mine.get().file().equals(path) && holds(mine.get())) {
        Files.move(
            part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        unsynced(target);
        return placed;
      }
      if (moved(part, target)) {
        unsynced(target);
        return placed;
      }
      if (holds(placed)) {
        Files.deleteIfExists(part);
        return placed;
      }
    }
    throw new StoreException(
        Trouble.PLACE, "all names like " + name.path(contentType) + " are taken");
  }

  /** Whether a file is there, no link, with that length and those bytes. */
  public boolean holds(Placed file) {
    try {
      Path path = dir.resolve(checked(file.file()));
      return hasLength(path, file.bytes()) && sha256(path).equals(file.sha256());
    } catch (IOException | InvalidPathException e) {
      return false;
    }
  }

  /** Whether a file is there, no link, with that length. */
  public boolean hasLength(Placed file) {
    try {
      return hasLength(dir.resolve(checked(file.file())), file.bytes());
    } catch (StoreException | InvalidPathException e) {
      return false;
    }
  }

  /** Takes a file away again that nobody counts on, unless it was changed since. */
  public void withdraw(Placed file) throws StoreException {
    if (holds(file)) {
      try {
        Files.deleteIfExists(dir.resolve(file.file()));
      } catch (IOException e) {
        throw StoreException.of("cannot remove " + file.file(), e);
      }
    }
  }

  /**
   * Removes the temporary files that no item needs and that nobody writes.
   *
   * @param needed whether the item of a {@link Mark#hex} is in the list
   * @return how many
   */
  public int sweep(Predicate<String> needed) throws StoreException {
    int swept = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(parts, "*.{part,json}")) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        String key = name.substring(0, name.lastIndexOf('.'));
        swept += needed.test(key) ? 0 : removed(file, key);
      }
    } catch (IOException e) {
      throw StoreException.of("cannot sweep " + parts, e);
    }
    return swept;
  }

  private int removed(Path file, String key) throws IOException {
    Optional<FileLock> lock = locks.take(Part.key(key));
    if (lock.isEmpty()) {
      return 0;
    }
    try (FileLock held = lock.get()) {
      return held.isValid() && Files.deleteIfExists(file) ? 1 : 0;
    }
  }

  /** Makes the names given since the last time outlast a loss of power, where the system can. */
  public void sync() {
    Set<Path> folders;
    synchronized (unsynced) {
      folders = Set.copyOf(unsynced);
      unsynced.clear();
    }
    for (Path folder : folders) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      } catch (IOException e) {
        // Some systems cannot open folders; the files themselves were flushed.
      }
    }
  }

  @Override
  public void close() throws IOException {
    sync();
    locks.close();
  }

  private void unsynced(Path target) {
    synchronized (unsynced) {
      unsynced.add(target.resolveSibling(""));
    }
  }

  /**
   * Whether the file got the name; not if the name was taken. A hard link appears whole or fails
   * when there is anything. Where there are no links, an empty file that only one can make holds
   * the name until the rename: nobody else takes a name that is taken, so what the rename replaces
   * is ours.
   */
  private boolean moved(Path part, Path target) throws IOException {
    if (links) {
      try {
        Files.createLink(target, part);
        Files.deleteIfExists(part);
        return true;
      } catch (FileAlreadyExistsException e) {
        return false;
      } catch (UnsupportedOperationException | FileSystemException e) {
        // No links here; or the other way fails too, and says why.
      }
    }
    try {
      Files.createFile(target);
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return true;
    } catch (IOException e) {
      Files.deleteIfExists(target);
      throw e;
    }
  }

  /** Where a path in DIR is, once the folders on the way are there and lead nowhere else. */
  private Path resolve(String path) throws IOException {
    String[] names = checked(path).split("/", -1);
    Path folder = dir;
    for (int i = 0; i < names.length - 1; i++) {
      folder = folder.resolve(names[i]);
      makeFolder(folder);
      if (!Files.isDirectory(folder)) {
        throw new StoreException(Trouble.PLACE, "a folder of " + path + " is a file in " + dir);
      }
      // One by one: nothing is made either where a link leads.
      if (!folder.toRealPath().startsWith(dir)) {
        throw new StoreException(Trouble.PLACE, "a folder of " + path + " leads out of " + dir);
      }
    }
    return folder.resolve(names[names.length - 1]);
  }

  // Names arrive clean; but they may have come a long way.
  private static String checked(String path) throws StoreException {
    boolean first = true;
    for (String name : path.split("/", -1)) {
      if (name.isEmpty()
          || name.equals(".")
          || name.equals("..")
          || name.indexOf('\\') >= 0
          || name.indexOf('\0') >= 0
          || (first && name.equalsIgnoreCase(PRIVATE))) {
        throw new StoreException(Trouble.PLACE, "no file may be called '" + path + "'");
      }
      first = false;
    }
    return path;
  }

  private static boolean hasLength(Path file, long bytes) {
    try {
      BasicFileAttributes found =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return found.isRegularFile() && found.size() == bytes;
    } catch (IOException e) {
      return false;
    }
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[1 << 16];
    try (InputStream input = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
