package io.penstock.service;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/// A program's settings: its `ConfigDef`'s defaults, overridden by a properties file, by environment
/// variables (`ingest.port` is `INGEST_PORT` or `PENSTOCK_INGEST_PORT`), by `--set key=value`
/// arguments. An unknown key stops the start.
///
/// Keys under `kafka.` go to every Kafka client as they are, without the prefix; keys under
/// `kafka.producer.`, `kafka.consumer.`, `kafka.admin.` and `kafka.streams.` to that client alone. Every
/// value may hold references to secrets in files (`References`).
public final class Settings {
    static final String KAFKA = "kafka.";

    /// The Kafka clients that settings can be given to.
    public enum Client {
        PRODUCER,
        CONSUMER,
        ADMIN,
        STREAMS;

        String prefix() {
            return KAFKA + name().toLowerCase(Locale.ROOT) + ".";
        }
    }

    /// A key of earlier versions, and what to do about it: "use x.y instead".
    public record Removed(String key, String advice) {}

    private final AbstractConfig config;
    private final Map<String, String> kafka;

    private Settings(AbstractConfig config, Map<String, String> kafka) {
        this.config = config;
        this.kafka = kafka;
    }

    /// Reads the command line of a program: `--config FILE` and any number of `--set key=value`.
    ///
    /// @throws ConfigException naming the key that is unknown, missing or has a bad value
    public static Settings of(ConfigDef def, List<String> arguments, Map<String, String> environment)
            throws IOException {
        Path file = null;
        List<String> set = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            String argument = arguments.get(i);
            if (!argument.equals("--config") && !argument.equals("--set")) {
                throw new ConfigException("unknown argument " + argument + "; known: --config FILE, --set key=value");
            }
            if (i + 1 == arguments.size()) {
                throw new ConfigException(argument + " needs a value after it");
            }
            String value = arguments.get(i + 1);
            if (argument.equals("--config")) {
                file = Path.of(value);
            } else {
                set.add(value);
            }
        }
        return load(def, file, environment, set);
    }

    /// Layers the sources: defaults, then `file`, then `environment`, then `set`.
    public static Settings of(
            ConfigDef def, @Nullable Path file, Map<String, String> environment, Map<String, String> set)
            throws IOException {
        return of(def, List.of(), new SettingsLayers(file, environment, set));
    }

    /// Layers the sources: defaults, then the properties `file`, then `environment`, then
    /// `setArguments`, each `key=value`.
    ///
    /// @throws ConfigException naming the key that is unknown, missing or has a bad value
    public static Settings load(
            ConfigDef def, @Nullable Path file, Map<String, String> environment, List<String> setArguments)
            throws IOException {
        return load(def, List.of(), file, environment, setArguments);
    }

    /// The same, for a program that has `removed` keys: one of them stops the start with its advice.
    public static Settings load(
            ConfigDef def,
            Collection<Removed> removed,
            @Nullable Path file,
            Map<String, String> environment,
            List<String> setArguments)
            throws IOException {
        return of(def, removed, new SettingsLayers(file, environment, SettingsLayers.assignments(setArguments)));
    }

    private static Settings of(ConfigDef def, Collection<Removed> removed, SettingsLayers layers) throws IOException {
        Map<String, String> kafka = new TreeMap<>();
        Map<String, String> ours = new TreeMap<>();
        References.resolve(layers.merge(def))
                .forEach((key, value) -> (key.startsWith(KAFKA) ? kafka : ours).put(key, value));
        for (String key : ours.keySet()) {
            for (Removed gone : removed) {
                if (gone.key().equals(key)) {
                    throw new ConfigException("the setting '" + key + "' no longer exists: " + gone.advice());
                }
            }
            if (!def.names().contains(key)) {
                throw new ConfigException("unknown setting '" + key + "'" + NearestKey.hint(key, def.names()));
            }
        }
        return new Settings(new AbstractConfig(def, ours, false), kafka);
    }

    /// A `STRING`.
    public String text(String key) {
        return config.getString(key);
    }

    /// An `INT`.
    public int number(String key) {
        return config.getInt(key);
    }

    /// A `DOUBLE`.
    public double fraction(String key) {
        return config.getDouble(key);
    }

    /// A `LONG`.
    public long longNumber(String key) {
        return config.getLong(key);
    }

    /// A `DOUBLE`.
    public double ratio(String key) {
        return config.getDouble(key);
    }

    /// A `BOOLEAN`.
    public boolean flag(String key) {
        return config.getBoolean(key);
    }

    /// A `LIST`.
    public List<String> list(String key) {
        return config.getList(key);
    }

    /// A `PASSWORD`; it shows itself as `[hidden]`, `value()` is the secret. Null if it is not set and
    /// has no default.
    public @Nullable Password password(String key) {
        return config.getPassword(key);
    }

    /// The duration of an `INT` or `LONG` key that ends in `.ms`.
    public Duration duration(String key) {
        return Duration.ofMillis(whole(key, ".ms"));
    }

    /// The size of an `INT` or `LONG` key that ends in `.bytes`.
    public long bytes(String key) {
        return whole(key, ".bytes");
    }

    /// Everything parsed, for parts that define keys of their own and read them by themselves.
    public AbstractConfig parsed() {
        return config;
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

    private long whole(String key, String unit) {
        if (!key.endsWith(unit)) {
            throw new IllegalArgumentException("the key '" + key + "' does not end in its unit, " + unit);
        }
        return config.typeOf(key) == ConfigDef.Type.INT ? config.getInt(key) : config.getLong(key);
    }
}
