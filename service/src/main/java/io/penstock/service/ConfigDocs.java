package io.penstock.service;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;

/// A program's settings as a Markdown table.
public final class ConfigDocs {
    private ConfigDocs() {}

    /// A section headed `title`, keys in alphabetical order.
    public static String markdown(String title, ConfigDef def) {
        StringBuilder page = new StringBuilder("## " + title + "\n\n| key | default | valid | what |\n|---|---|---|---|\n");
        for (Map.Entry<String, ConfigDef.ConfigKey> entry : new TreeMap<>(def.configKeys()).entrySet()) {
            ConfigDef.ConfigKey key = entry.getValue();
            page.append("| `").append(key.name).append("` | ").append(defaultOf(key)).append(" | ")
                    .append(key.validator == null ? "" : key.validator.toString()).append(" | ")
                    .append(key.documentation).append(" |\n");
        }
        return page.append('\n').toString();
    }

    private static String defaultOf(ConfigDef.ConfigKey key) {
        if (!key.hasDefault()) {
            return "required";
        }
        String text = ConfigDef.convertToString(key.defaultValue, key.type);
        return text == null || text.isEmpty() ? "none" : "`" + text + "`";
    }
}
