package io.penstock.topics.yaml;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Reads a stream of YAML 1.2 documents; JSON is YAML too. Nothing is ever instantiated by what a
/// document says.
public final class YamlText {
    /// Characters of a stream.
    public static final int CHARS_MAX = 3 << 20;
    /// Values of a stream, each counted as often as it is referred to.
    static final int VALUES_MAX = 200_000;
    /// How deep values may be nested.
    static final int DEPTH_MAX = 50;

    private int values;

    private YamlText() {}

    /// The documents of `text`, empty ones included, in order.
    ///
    /// @throws MalformedYaml if one of them cannot be read, or they are too many or too deep
    public static List<YamlValue> documents(String text) throws MalformedYaml {
        if (text.length() > CHARS_MAX) {
            throw new MalformedYaml(0, "it has " + text.length() + " characters, the limit is " + CHARS_MAX);
        }
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setCodePointLimit(CHARS_MAX)
                .build();
        YamlText reader = new YamlText();
        List<YamlValue> documents = new ArrayList<>();
        try {
            checkDepth(text, settings);
            for (Node document : new Compose(settings).composeAllFromString(text)) {
                documents.add(reader.value(document, 0));
            }
            return documents;
        } catch (MarkedYamlEngineException e) {
            throw new MalformedYaml(line(e), e.getProblem());
        } catch (YamlEngineException e) {
            throw new MalformedYaml(0, String.valueOf(e.getMessage()));
        }
    }

    /// Composing is recursive, so the depth is looked at first.
    private static void checkDepth(String text, LoadSettings settings) throws MalformedYaml {
        int depth = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            switch (event.getEventId()) {
                case MappingStart, SequenceStart -> depth++;
                case MappingEnd, SequenceEnd -> depth--;
                default -> {}
            }
            if (depth > DEPTH_MAX) {
                int line = event.getStartMark().map(Mark::getLine).orElse(-1) + 1;
                throw new MalformedYaml(line, "it is nested deeper than " + DEPTH_MAX + " levels");
            }
        }
    }

    private YamlValue value(Node node, int depth) throws MalformedYaml {
        int line = line(node);
        if (++values > VALUES_MAX) {
            throw new MalformedYaml(line, "it has more than " + VALUES_MAX + " values");
        }
        if (depth > DEPTH_MAX) {
            throw new MalformedYaml(line, "it is nested deeper than " + DEPTH_MAX + " levels");
        }
        return switch (node) {
            case MappingNode mapping -> mapping(mapping, line, depth);
            case SequenceNode sequence -> {
                List<YamlValue> items = new ArrayList<>();
                for (Node item : sequence.getValue()) {
                    items.add(value(item, depth + 1));
                }
                yield new YamlValue.Items(line, items);
            }
            case ScalarNode scalar -> scalar(scalar, line);
            default -> throw new MalformedYaml(line, "it holds something that is no value");
        };
    }

    private YamlValue mapping(MappingNode mapping, int line, int depth) throws MalformedYaml {
        Map<String, YamlValue> fields = new LinkedHashMap<>();
        for (NodeTuple field : mapping.getValue()) {
            if (!(field.getKeyNode() instanceof ScalarNode key)) {
                throw new MalformedYaml(line(field.getKeyNode()), "a field's name must be text");
            }
            if (fields.put(key.getValue(), value(field.getValueNode(), depth + 1)) != null) {
                throw new MalformedYaml(line(key), "the field " + key.getValue() + " is there twice");
            }
        }
        return new YamlValue.Mapping(line, fields);
    }

    private static YamlValue scalar(ScalarNode scalar, int line) {
        Tag tag = scalar.getTag();
        String text = scalar.getValue();
        if (tag.equals(Tag.NULL)) {
            return new YamlValue.Nothing(line);
        }
        if (tag.equals(Tag.BOOL)) {
            return new YamlValue.Flag(line, Boolean.parseBoolean(text));
        }
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            try {
                return new YamlValue.Figure(line, new BigDecimal(text));
            } catch (NumberFormatException _) {
                return new YamlValue.Text(line, text); // octal, hexadecimal, infinite: not for our fields
            }
        }
        return new YamlValue.Text(line, text);
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    private static int line(MarkedYamlEngineException e) {
        return e.getProblemMark().map(Mark::getLine).orElse(-1) + 1;
    }
}
