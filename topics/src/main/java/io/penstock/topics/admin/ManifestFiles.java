package io.penstock.topics.admin;

import io.penstock.topics.yaml.YamlText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The texts that `-f` names.
final class ManifestFiles {
    private static final List<String> ENDINGS = List.of(".yaml", ".yml", ".json");
    /// A character has four bytes at most.
    private static final int BYTES_MAX = 4 * YamlText.CHARS_MAX;

    private ManifestFiles() {}

    /// A text, and what it is called in messages.
    record Source(String name, String text) {}

    /// The texts of `names`: files, directories (their `.yaml`, `.yml` and `.json` files by name, those
    /// of directories inside them not), or `-` for standard input.
    static List<Source> of(List<String> names) throws IOException {
        List<Source> sources = new ArrayList<>();
        for (String name : names) {
            if (name.equals("-")) {
                sources.add(new Source("standard input", text("standard input", System.in)));
            } else if (Files.isDirectory(Path.of(name))) {
                for (Path file : filesOf(Path.of(name))) {
                    sources.add(file(file));
                }
            } else {
                sources.add(file(Path.of(name)));
            }
        }
        return sources;
    }

    private static List<Path> filesOf(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> files =
                    entries.filter(ManifestFiles::isManifest).sorted().toList();
            if (files.isEmpty()) {
                throw new IOException("directory " + directory + " has no file that ends with " + ENDINGS);
            }
            return files;
        }
    }

    private static boolean isManifest(Path path) {
        String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
        return Files.isRegularFile(path) && ENDINGS.stream().anyMatch(name::endsWith);
    }

    private static Source file(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new Source(file.toString(), text(file.toString(), in));
        } catch (NoSuchFileException e) {
            throw new IOException("file " + file + " does not exist", e);
        }
    }

    private static String text(String name, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(BYTES_MAX + 1);
        if (bytes.length > BYTES_MAX) {
            throw new IOException(name + " has more than " + BYTES_MAX + " bytes, the limit");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
