package io.penstock.pool.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.pool.discovery.kubernetes.WatchState.Step;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WatchStateTest {
    private final WatchState<String> state =
            new WatchState<>(object -> object.path("spec").asString(""));

    @Test
    void pagesAddUpAndTheWatchGoesOnFromTheLast() {
        state.add(json("{'metadata':{'resourceVersion':'7','continue':'x'},'items':[" + object("a", "1", "A") + "]}"));
        state.add(json("{'metadata':{'resourceVersion':'7'},'items':[" + object("b", "2", "B") + "]}"));

        assertThat(state.objects()).containsExactly("A", "B");
        assertThat(state.resourceVersion()).isEqualTo("7");
    }

    @Test
    void eventsComeChangeAndGo() {
        assertThat(apply("ADDED", object("a", "8", "A"))).isInstanceOf(Step.Changed.class);
        assertThat(apply("MODIFIED", object("a", "9", "A"))).isInstanceOf(Step.Same.class);
        assertThat(apply("MODIFIED", object("a", "10", "A2"))).isInstanceOf(Step.Changed.class);
        assertThat(state.objects()).containsExactly("A2");
        assertThat(apply("DELETED", object("a", "11", "A2"))).isInstanceOf(Step.Changed.class);
        assertThat(apply("DELETED", object("a", "12", "A2"))).isInstanceOf(Step.Same.class);
        assertThat(state.objects()).isEmpty();
        assertThat(state.resourceVersion()).isEqualTo("12");
    }

    @Test
    void aBookmarkMovesThePlaceAndNothingElse() {
        apply("ADDED", object("a", "8", "A"));

        assertThat(apply("BOOKMARK", "{'metadata':{'resourceVersion':'90'}}")).isInstanceOf(Step.Same.class);
        assertThat(state.resourceVersion()).isEqualTo("90");
        assertThat(state.objects()).containsExactly("A");
    }

    @Test
    void anErrorExpiresTheStateOrFails() {
        assertThat(apply("ERROR", "{'code':410,'message':'too old'}")).isInstanceOf(Step.Expired.class);
        assertThat(apply("ERROR", "{'code':500,'message':'etcd is away'}")).isEqualTo(new Step.Failed("etcd is away"));
        assertThat(apply("RENAMED", object("a", "8", "A"))).isInstanceOf(Step.Failed.class);
    }

    @Test
    void whatMatchesTooMuchIsRefused() {
        String items = IntStream.rangeClosed(0, WatchState.OBJECTS_MAX)
                .mapToObj(i -> object("pod-" + i, "1", "x"))
                .collect(Collectors.joining(","));

        assertThat(state.add(json("{'metadata':{'resourceVersion':'7'},'items':[" + items + "]}")))
                .isInstanceOfSatisfying(
                        Step.Failed.class,
                        failed -> assertThat(failed.reason())
                                .contains("more than 5000")
                                .contains("selector"));
    }

    private Step apply(String type, String object) {
        return state.apply(json("{'type':'" + type + "','object':" + object + "}"));
    }

    private static String object(String name, String version, String spec) {
        return "{'metadata':{'name':'" + name + "','resourceVersion':'" + version + "'},'spec':'" + spec + "'}";
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }
}
