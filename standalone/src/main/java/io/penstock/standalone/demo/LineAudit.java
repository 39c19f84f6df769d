package io.penstock.standalone.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;

/// Holds the lines that came back against the lines that were sent, by custom id. Nothing here trusts
/// the product's own counters.
public record LineAudit(int sent, int answered, Set<String> missing, Set<String> repeated, Set<String> unknown) {

    /// Reads output (and error) lines and compares them with the ids that were sent.
    public static LineAudit of(Set<String> sentIds, Iterable<BufferedReader> files) throws IOException {
        Map<String, Integer> seen = new HashMap<>();
        for (BufferedReader file : files) {
            for (String line = file.readLine(); line != null; line = file.readLine()) {
                seen.merge(JsonMapper.shared().readTree(line).get("custom_id").asString(), 1, Integer::sum);
            }
        }
        Set<String> missing = new TreeSet<>(sentIds);
        missing.removeAll(seen.keySet());
        Set<String> unknown = new TreeSet<>(seen.keySet());
        unknown.removeAll(sentIds);
        Set<String> repeated = new TreeSet<>();
        seen.forEach((id, times) -> {
            if (times > 1) {
                repeated.add(id);
            }
        });
        return new LineAudit(sentIds.size(), seen.size() - unknown.size(), missing, repeated, unknown);
    }

    /// True if every line sent came back exactly once, and no other.
    public boolean isExact() {
        return missing.isEmpty() && repeated.isEmpty() && unknown.isEmpty();
    }
}
