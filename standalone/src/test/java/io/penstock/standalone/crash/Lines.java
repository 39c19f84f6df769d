package io.penstock.standalone.crash;

import io.penstock.standalone.demo.VariedLines;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// The lines of one batch. Each custom id begins with `prefix` and stands in the body as well (`user`),
/// so that no two bodies are the same and an engine's log tells what it ran.
///
/// `blanks` empty lines follow each line: they mean nothing, but keep the batches application reading.
public record Lines(String prefix, int count, int refusedCount, int blanks) {
    /// A file of `count` lines, five of which an engine refuses.
    public static Lines of(String prefix, int count) {
        return new Lines(prefix, count, Math.min(5, count / 2), 0);
    }

    public Lines withBlanks(int many) {
        return new Lines(prefix, count, refusedCount, many);
    }

    /// The file, as it is uploaded.
    public byte[] file() {
        StringBuilder file = new StringBuilder();
        texts().forEach(line -> file.append(line).append('\n').repeat('\n', blanks));
        return file.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// The custom id of each body.
    public Map<String, String> idsByBody() {
        Map<String, String> ids = new HashMap<>();
        List<String> texts = texts();
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            ids.put(text.substring(text.indexOf("\"body\":") + "\"body\":".length(), text.length() - 1), id(i + 1));
        }
        return ids;
    }

    /// The custom ids in the order of the file.
    List<String> inOrder() {
        return IntStream.rangeClosed(1, count).mapToObj(this::id).toList();
    }

    public Set<String> customIds() {
        return Set.copyOf(idsByBody().values());
    }

    /// The custom ids of the lines that an engine refuses.
    public Set<String> refused() {
        Set<String> refused = new TreeSet<>();
        idsByBody().forEach((body, id) -> {
            if (body.contains("\"simulate\"")) {
                refused.add(id);
            }
        });
        return refused;
    }

    private List<String> texts() {
        return VariedLines.of(count, refusedCount, Cluster.MODEL, 7).stream()
                .map(line -> line.replaceFirst(
                        "\"custom_id\":\"line-(\\d+)\"(.*?)\"body\":\\{",
                        "\"custom_id\":\"" + prefix + "-$1\"$2\"body\":{\"user\":\"" + prefix + "-$1\","))
                .toList();
    }

    private String id(int number) {
        return prefix + "-" + number;
    }
}
