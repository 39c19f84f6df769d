package io.penstock.service;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/// Where settings come from, the weakest first: a properties file, the environment, assignments on the
/// command line.
///
/// The environment belongs to others too, so only names that stand for a known key count: a program's
/// own, those of Kafka's clients behind `KAFKA_`, everything behind `KAFKA_STREAMS_` and its like.
/// `KAFKA_HEAP_OPTS` and what Kubernetes sets for a service called `kafka` mean nothing here.
record SettingsLayers(@Nullable Path file, Map<String, String> environment, Map<String, String> set) {
    private static final String OURS = "PENSTOCK_";

    /// Every key that a source gives, with the value of the strongest source.
    Map<String, String> merge(ConfigDef def) throws IOException {
        Map<String, String> values = new TreeMap<>();
        if (file != null) {
            Properties properties = read(file);
            properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        }
        Set<String> known = new TreeSet<>(def.names());
        for (Set<String> names :
                List.of(ProducerConfig.configNames(), ConsumerConfig.configNames(), AdminClientConfig.configNames())) {
            names.forEach(name -> known.add(Settings.KAFKA + name));
        }
        addEnvironment("", known, values);
        addEnvironment(OURS, known, values);
        values.putAll(set);
        return values;
    }

    /// The map of `key=value` texts; of two with the same key the later one.
    static Map<String, String> assignments(List<String> arguments) {
        Map<String, String> set = new LinkedHashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals < 1) {
                throw new ConfigException("--set needs key=value, but got '" + argument + "'");
            }
            set.put(argument.substring(0, equals).strip(), argument.substring(equals + 1));
        }
        return set;
    }

    private void addEnvironment(String prefix, Set<String> known, Map<String, String> values) {
        for (String key : known) {
            String value = environment.get(prefix + variable(key));
            if (value != null && !isServiceLink(key, value)) {
                values.put(key, value);
            }
        }
        for (Settings.Client client : Settings.Client.values()) {
            String start = prefix + variable(client.prefix());
            environment.forEach((name, value) -> {
                if (name.startsWith(start)) {
                    String key = name.substring(start.length())
                            .toLowerCase(Locale.ROOT)
                            .replace('_', '.');
                    values.put(client.prefix() + key, value);
                }
            });
        }
    }

    /// Kubernetes gives every pod `INGEST_PORT=tcp://10.0.0.11:8080` for a service called `ingest`;
    /// that is no port of ours.
    private static boolean isServiceLink(String key, String value) {
        return key.endsWith(".port") && value.contains("://");
    }

    private static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    private static Properties read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            throw new ConfigException("there is no settings file " + e.getMessage());
        } catch (IOException e) {
            throw StartFailure.unusable("--config", file, e);
        } catch (IllegalArgumentException e) {
            throw new IOException("the settings file " + file + " cannot be read: " + e.getMessage(), e);
        }
        return properties;
    }
}
