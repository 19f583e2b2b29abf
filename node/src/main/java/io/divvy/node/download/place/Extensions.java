package io.divvy.node.download.place;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which extension a file gets by its content type. */
final class Extensions {

  /** No extension here has more bytes. */
  static final int LONGEST = 6;

  private static final Map<String, String> BY_TYPE =
      Map.ofEntries(
          Map.entry("application/epub+zip", ".epub"),
          Map.entry("application/gzip", ".gz"),
          Map.entry("application/java-archive", ".jar"),
          Map.entry("application/javascript", ".js"),
          Map.entry("application/json", ".json"),
          Map.entry("application/msword", ".doc"),
          Map.entry("application/ogg", ".ogg"),
          Map.entry("application/pdf", ".pdf"),
          Map.entry("application/postscript", ".ps"),
          Map.entry("application/rtf", ".rtf"),
          Map.entry("application/vnd.ms-excel", ".xls"),
          Map.entry("application/vnd.ms-powerpoint", ".ppt"),
          Map.entry(
              "application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"),
          Map.entry("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
          Map.entry(
              "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
          Map.entry("application/vnd.rar", ".rar"),
          Map.entry("application/wasm", ".wasm"),
          Map.entry("application/x-7z-compressed", ".7z"),
          Map.entry("application/x-bzip2", ".bz2"),
          Map.entry("application/x-gzip", ".gz"),
          Map.entry("application/x-ndjson", ".jsonl"),
          Map.entry("application/x-tar", ".tar"),
          Map.entry("application/x-xz", ".xz"),
          Map.entry("application/xhtml+xml", ".xhtml"),
          Map.entry("application/xml", ".xml"),
          Map.entry("application/yaml", ".yaml"),
          Map.entry("application/zip", ".zip"),
          Map.entry("application/zstd", ".zst"),
          Map.entry("audio/aac", ".aac"),
          Map.entry("audio/flac", ".flac"),
          Map.entry("audio/mp4", ".m4a"),
          Map.entry("audio/mpeg", ".mp3"),
          Map.entry("audio/ogg", ".ogg"),
          Map.entry("audio/wav", ".wav"),
          Map.entry("audio/x-wav", ".wav"),
          Map.entry("font/otf", ".otf"),
          Map.entry("font/ttf", ".ttf"),
          Map.entry("font/woff", ".woff"),
          Map.entry("font/woff2", ".woff2"),
          Map.entry("image/avif", ".avif"),
          Map.entry("image/bmp", ".bmp"),
          Map.entry("image/gif", ".gif"),
          Map.entry("image/heic", ".heic"),
          Map.entry("image/jpeg", ".jpg"),
          Map.entry("image/jpg", ".jpg"),
          Map.entry("image/jxl", ".jxl"),
          Map.entry("image/png", ".png"),
          Map.entry("image/svg+xml", ".svg"),
          Map.entry("image/tiff", ".tiff"),
          Map.entry("image/vnd.microsoft.icon", ".ico"),
          Map.entry("image/webp", ".webp"),
          Map.entry("image/x-icon", ".ico"),
          Map.entry("text/calendar", ".ics"),
          Map.entry("text/css", ".css"),
          Map.entry("text/csv", ".csv"),
          Map.entry("text/html", ".html"),
          Map.entry("text/javascript", ".js"),
          Map.entry("text/markdown", ".md"),
          Map.entry("text/plain", ".txt"),
          Map.entry("text/tab-separated-values", ".tsv"),
          Map.entry("text/xml", ".xml"),
          Map.entry("video/mp4", ".mp4"),
          Map.entry("video/mpeg", ".mpeg"),
          Map.entry("video/ogg", ".ogv"),
          Map.entry("video/quicktime", ".mov"),
          Map.entry("video/webm", ".webm"),
          Map.entry("video/x-matroska", ".mkv"));

  private static final Set<String> KNOWN = Set.copyOf(BY_TYPE.values());

  private Extensions() {}

  /** Whether a content type can lead to this extension, in capitals or not. */
  static boolean isKnown(String extension) {
    return KNOWN.contains(FileNames.folded(extension));
  }

  /** The extension with its dot for a Content-Type with or without parameters; empty if unknown. */
  static String of(String contentType) {
    int end = contentType.indexOf(';');
    String type = end < 0 ? contentType : contentType.substring(0, end);
    return BY_TYPE.getOrDefault(type.strip().toLowerCase(Locale.ROOT), "");
  }
}
