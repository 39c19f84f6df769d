package io.penstock.service;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/// A program's settings: its `ConfigDef`'s defaults, overridden by a properties file, by environment variables
/// (`ingest.port` is `INGEST_PORT`), by `--set key=value` arguments. An unknown key stops the start.
///
/// Keys under `kafka.` go to every Kafka client as they are, without the prefix; keys under `kafka.producer.`,
/// `kafka.consumer.`, `kafka.admin.` and `kafka.streams.` to that client alone.
public final class Settings {
    private static final String KAFKA = "kafka.";

    /// The Kafka clients that settings can be given to.
    public enum Client {
        PRODUCER,
        CONSUMER,
        ADMIN,
        STREAMS;

        private String prefix() {
            return KAFKA + name().toLowerCase(Locale.ROOT) + ".";
        }
    }

    private final AbstractConfig config;
    private final Map<String, String> kafka;

    private Settings(AbstractConfig config, Map<String, String> kafka) {
        this.config = config;
        this.kafka = kafka;
    }

    /// Reads the command line of a program: `--config FILE` and any number of `--set key=value`.
    ///
    /// @throws ConfigException naming the key that is unknown, missing or has a bad value
    public static Settings of(ConfigDef def, List<String> arguments, Map<String, String> environment) throws IOException {
        Path file = null;
        Map<String, String> set = new HashMap<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            String value = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
            switch (arguments.get(i)) {
                case "--config" -> file = Path.of(value);
                case "--set" -> set.put(key(value), value.substring(value.indexOf('=') + 1));
                default -> throw new ConfigException("unknown argument " + arguments.get(i) + "; known: --config FILE, --set key=value");
            }
        }
        return of(def, file, environment, set);
    }

    /// Layers the sources: defaults, then `file`, then `environment`, then `set`.
    public static Settings of(ConfigDef def, @Nullable Path file, Map<String, String> environment, Map<String, String> set)
            throws IOException {
        Map<String, String> values = new TreeMap<>();
        if (file != null) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            }
            properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        }
        environment.forEach((name, value) -> environmentKey(def, name).ifPresent(key -> values.put(key, value)));
        values.putAll(set);
        Map<String, String> kafka = new TreeMap<>();
        Map<String, String> ours = new TreeMap<>();
        values.forEach((key, value) -> (key.startsWith(KAFKA) ? kafka : ours).put(key, value));
        for (String key : ours.keySet()) {
            if (!def.names().contains(key)) {
                throw new ConfigException("unknown setting '" + key + "'; nearest known: '" + nearest(key, def) + "'");
            }
        }
        return new Settings(new AbstractConfig(def, ours, false), kafka);
    }

    public String text(String key) {
        return config.getString(key);
    }

    public int number(String key) {
        return config.getInt(key);
    }

    public long longNumber(String key) {
        return config.getLong(key);
    }

    public double ratio(String key) {
        return config.getDouble(key);
    }

    public boolean flag(String key) {
        return config.getBoolean(key);
    }

    public List<String> list(String key) {
        return config.getList(key);
    }

    /// The duration of a key that ends in `.ms`.
    public Duration duration(String key) {
        return Duration.ofMillis(config.getLong(key));
    }

    /// What `client` is to be configured with, beyond what the program itself sets.
    public Properties kafka(Client client) {
        Properties properties = new Properties();
        kafka.forEach((key, value) -> {
            if (Arrays.stream(Client.values()).noneMatch(other -> key.startsWith(other.prefix()))) {
                properties.put(key.substring(KAFKA.length()), value);
            }
        });
        kafka.forEach((key, value) -> {
            if (key.startsWith(client.prefix())) {
                properties.put(key.substring(client.prefix().length()), value);
            }
        });
        return properties;
    }

    private static String key(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw new ConfigException("--set needs key=value, but got '" + assignment + "'");
        }
        return assignment.substring(0, equals);
    }

    private static Optional<String> environmentKey(ConfigDef def, String name) {
        if (name.startsWith("KAFKA_")) {
            return Optional.of(name.toLowerCase(Locale.ROOT).replace('_', '.'));
        }
        return def.names().stream()
                .filter(key -> key.toUpperCase(Locale.ROOT).replace('.', '_').equals(name))
                .findFirst();
    }

    private static String nearest(String key, ConfigDef def) {
        return def.names().stream()
                .min(Comparator.comparingInt(known -> distance(key, known)))
                .orElse("none");
    }

    /// Levenshtein distance.
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                row[j] = Math.min(
                        Math.min(row[j], row[j - 1]) + 1, diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
