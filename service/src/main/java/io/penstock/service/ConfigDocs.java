package io.penstock.service;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;

/// A program's settings as a Markdown table.
public final class ConfigDocs {
    private ConfigDocs() {}

    /// A section headed `title`, keys in alphabetical order.
    public static String markdown(String title, ConfigDef def) {
        StringBuilder page = new StringBuilder(
                "## " + title + "\n\n| key | type | default | valid | what |\n|---|---|---|---|---|\n");
        for (ConfigDef.ConfigKey key : new TreeMap<>(def.configKeys()).values()) {
            String valid = key.validator == null ? "" : key.validator.toString();
            page.append(row(List.of(
                    "`" + key.name + "`",
                    key.type.name().toLowerCase(Locale.ROOT),
                    defaultOf(key),
                    valid,
                    Objects.requireNonNullElse(key.documentation, ""))));
        }
        return page.append('\n').toString();
    }

    /// One line of a Markdown table; bars and line breaks inside a cell do not end it.
    static String row(List<String> cells) {
        return cells.stream()
                .map(cell -> cell.replace("|", "\\|").replace('\n', ' '))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String defaultOf(ConfigDef.ConfigKey key) {
        if (!key.hasDefault()) {
            return "required";
        }
        String text = ConfigDef.convertToString(key.defaultValue, key.type);
        return text == null || text.isEmpty() ? "none" : "`" + text + "`";
    }
}
