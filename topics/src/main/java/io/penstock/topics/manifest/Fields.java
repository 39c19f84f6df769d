package io.penstock.topics.manifest;

import io.penstock.topics.yaml.YamlValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The fields of one mapping of a document. Reading one that is wrong notes an error with the field's
/// path and gives null; fields that nobody reads are warned of.
final class Fields {
    private final Place place;
    private final String path;
    private final Map<String, YamlValue> fields;
    private final int line;
    private final Findings findings;
    private final Set<String> known = new HashSet<>();

    Fields(Place place, String path, YamlValue.Mapping mapping, Findings findings) {
        this.place = place;
        this.path = path;
        this.fields = mapping.fields();
        this.line = mapping.line();
        this.findings = findings;
    }

    Findings findings() {
        return findings;
    }

    Place place() {
        return place.at(line);
    }

    /// The path of field `name`.
    String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /// Notes that field `name` is wrong.
    void error(String name, String sentence) {
        YamlValue value = fields.get(name);
        findings.error(place.at(value == null ? line : value.line()), path(name) + " " + sentence);
    }

    void warning(String name, String sentence) {
        YamlValue value = fields.get(name);
        findings.warning(place.at(value == null ? line : value.line()), path(name) + " " + sentence);
    }

    boolean has(String name) {
        return !(fields.getOrDefault(name, new YamlValue.Nothing(line)) instanceof YamlValue.Nothing);
    }

    /// Fields that may be there and say nothing Penstock uses.
    void ignore(String... names) {
        known.addAll(List.of(names));
    }

    @Nullable
    String text(String name) {
        YamlValue value = value(name);
        return switch (value) {
            case null -> null;
            case YamlValue.Text text -> text.value();
            case YamlValue other -> {
                error(name, "must be text, but was " + other.words() + " (put it in quotes)");
                yield null;
            }
        };
    }

    /// Text that `parse` takes; what it throws is the error.
    <T> @Nullable T parsed(String name, Function<String, T> parse) {
        String text = text(name);
        try {
            return text == null ? null : parse.apply(text);
        } catch (IllegalArgumentException e) {
            error(name, "is not valid: " + e.getMessage());
            return null;
        }
    }

    /// A whole number within the limits.
    @Nullable
    Integer whole(String name, int min, int max) {
        YamlValue value = value(name);
        if (value == null) {
            return null;
        }
        if (value instanceof YamlValue.Figure figure && isWhole(figure.value(), min, max)) {
            return figure.value().intValueExact();
        }
        error(name, "must be a whole number from " + min + " to " + max + ", but was " + value.words());
        return null;
    }

    private static boolean isWhole(BigDecimal figure, int min, int max) {
        return figure.stripTrailingZeros().scale() <= 0
                && figure.compareTo(BigDecimal.valueOf(min)) >= 0
                && figure.compareTo(BigDecimal.valueOf(max)) <= 0;
    }

    @Nullable
    Fields mapping(String name) {
        YamlValue value = value(name);
        return switch (value) {
            case null -> null;
            case YamlValue.Mapping mapping -> new Fields(place, path(name), mapping, findings);
            case YamlValue other -> {
                error(name, "must be a mapping, but was " + other.words());
                yield null;
            }
        };
    }

    /// A list of mappings, no more than `max`.
    List<Fields> mappings(String name, int max) {
        List<Fields> items = new ArrayList<>();
        int at = 0;
        YamlValue value = value(name);
        switch (value) {
            case null -> {}
            case YamlValue.Items list
            when list.values().size() > max ->
                error(
                        name,
                        "must have at most " + max + " entries, but has "
                                + list.values().size());
            case YamlValue.Items list -> {
                for (YamlValue item : list.values()) {
                    String itemPath = path(name) + "[" + at++ + "]";
                    if (item instanceof YamlValue.Mapping mapping) {
                        items.add(new Fields(place, itemPath, mapping, findings));
                    } else {
                        findings.error(place.at(item.line()), itemPath + " must be a mapping, but was " + item.words());
                    }
                }
            }
            case YamlValue other -> error(name, "must be a list, but was " + other.words());
        }
        return items;
    }

    /// A mapping of texts, empty if it is not there.
    Map<String, String> texts(String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        Fields mapping = mapping(name);
        if (mapping != null) {
            for (String key : mapping.fields.keySet()) {
                String text = mapping.text(key);
                if (text != null) {
                    texts.put(key, text);
                }
            }
        }
        return texts;
    }

    /// Notes that field `name` is missing, unless it is there.
    void require(String name) {
        if (!has(name)) {
            error(name, "is required");
        }
    }

    /// Warns of every field that was neither read nor ignored. To be called last.
    void warnOfTheRest() {
        for (String name : fields.keySet()) {
            if (!known.contains(name)) {
                warning(name, "is not known and has no effect");
            }
        }
    }

    /// Notes an error for every field that was neither read nor ignored, where leaving one out would
    /// change what the others mean. To be called last.
    void refuseTheRest() {
        for (String name : fields.keySet()) {
            if (!known.contains(name)) {
                error(name, "is not known, and cannot be left out without changing what is meant");
            }
        }
    }

    private @Nullable YamlValue value(String name) {
        known.add(name);
        return has(name) ? fields.get(name) : null;
    }
}
