package io.penstock.topics.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class YamlTextTest {
    @Test
    void valuesKnowTheirKindAndLine() throws MalformedYaml {
        YamlValue document = YamlText.documents("""
            text: a
            quoted: "1"
            figure: -1.50
            flag: true
            yes: yes
            nothing:
            tilde: ~
            list:
            - x
            """).getFirst();
        assertThat(((YamlValue.Mapping) document).fields())
                .containsExactly(
                        Map.entry("text", new YamlValue.Text(1, "a")),
                        Map.entry("quoted", new YamlValue.Text(2, "1")),
                        Map.entry("figure", new YamlValue.Figure(3, new BigDecimal("-1.50"))),
                        Map.entry("flag", new YamlValue.Flag(4, true)),
                        Map.entry("yes", new YamlValue.Text(5, "yes")),
                        Map.entry("nothing", new YamlValue.Nothing(6)),
                        Map.entry("tilde", new YamlValue.Nothing(7)),
                        Map.entry("list", new YamlValue.Items(9, List.of(new YamlValue.Text(9, "x")))));
    }

    @Test
    void emptyDocumentsCount() throws MalformedYaml {
        assertThat(YamlText.documents("---\n---\na\n---\n")).hasSize(3);
        assertThat(YamlText.documents("")).isEmpty();
        assertThat(YamlText.documents("# only a comment\n")).isEmpty();
    }

    @Test
    void anErrorKnowsItsLine() {
        assertThatThrownBy(() -> YamlText.documents("a: 1\nb: [1\n"))
                .isInstanceOfSatisfying(
                        MalformedYaml.class, e -> assertThat(e.line()).isGreaterThanOrEqualTo(2));
        assertThatThrownBy(() -> YamlText.documents("a: 1\nb: 2\na: 3\n"))
                .isInstanceOfSatisfying(
                        MalformedYaml.class, e -> assertThat(e.line()).isEqualTo(3))
                .hasMessage("the field a is there twice");
    }

    /// Each of 10 levels refers to the one before it nine times.
    @Test
    void aBombIsRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
        for (int level = 1; level < 10; level++) {
            String before = "*a" + (level - 1);
            bomb.append("a%d: &a%d [%s]\n".formatted(level, level, String.join(", ", Collections.nCopies(9, before))));
        }
        assertThatThrownBy(() -> YamlText.documents(bomb.toString()))
                .isInstanceOf(MalformedYaml.class)
                .hasMessageContaining("aliases");
    }

    @Test
    void whatContainsItselfIsRefused() {
        assertThatThrownBy(() -> YamlText.documents("&a [*a]\n"))
                .isInstanceOf(MalformedYaml.class)
                .hasMessage("it is nested deeper than 50 levels");
        assertThatThrownBy(() -> YamlText.documents("[".repeat(10_000)))
                .isInstanceOf(MalformedYaml.class)
                .hasMessage("it is nested deeper than 50 levels");
        assertThatThrownBy(() -> YamlText.documents("- a\n".repeat(200_001)))
                .isInstanceOf(MalformedYaml.class)
                .hasMessage("it has more than 200000 values");
    }
}
