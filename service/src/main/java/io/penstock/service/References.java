package io.penstock.service;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.apache.kafka.common.config.provider.FileConfigProvider;

/// Values of settings that stand elsewhere, so that no secret need be written into a settings file:
/// `${file:/path/of.properties:key}` is the value of `key` in a properties file, `${dir:/path:name}` the
/// content of the file `name` in a directory (a mounted secret), `${env::NAME}` an environment variable.
/// They are read once, at the start, by Kafka's own providers of the same names, and may be part of a
/// value.
final class References {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(file|dir|env):([^}:]*):([^}]+)}");

    private References() {}

    /// `values` with each reference replaced by what it refers to.
    ///
    /// @throws ConfigException naming the key and the reference, if there is nothing behind it
    static Map<String, String> resolve(Map<String, String> values) {
        Map<String, String> resolved = new TreeMap<>();
        values.forEach((key, value) -> resolved.put(
                key,
                REFERENCE
                        .matcher(value)
                        .replaceAll(reference -> Matcher.quoteReplacement(read(
                                key, reference.group(), reference.group(1), reference.group(2), reference.group(3))))));
        return resolved;
    }

    private static String read(String key, String reference, String provider, String path, String name) {
        ConfigData found;
        try (ConfigProvider source = provider(provider)) {
            source.configure(Map.of());
            found = source.get(path, Set.of(name));
        } catch (IOException | ConfigException e) {
            throw new ConfigException("the setting '" + key + "' refers to " + reference + ": " + e.getMessage());
        }
        String value = found.data().get(name);
        if (value == null) {
            throw new ConfigException("the setting '" + key + "' refers to " + reference + ", where there is nothing");
        }
        return value;
    }

    private static ConfigProvider provider(String name) {
        return switch (name) {
            case "file" -> new FileConfigProvider();
            case "dir" -> new DirectoryConfigProvider();
            case "env" -> new EnvVarConfigProvider();
            default -> throw new IllegalArgumentException("no such provider: " + name);
        };
    }
}
