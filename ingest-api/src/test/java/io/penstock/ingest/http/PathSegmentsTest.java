package io.penstock.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathSegmentsTest {
    @Test
    void segmentsAreDecodedOneByOne() {
        assertThat(PathSegments.of("/v1/models/org%2Fna%20me+x/")).isEqualTo(List.of("v1", "models", "org/na me+x"));
        assertThat(PathSegments.of("/")).isEmpty();
        assertThat(PathSegments.of("/.../a..b/.c")).isEqualTo(List.of("...", "a..b", ".c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a/..", "/./a", "/%2e", "/%2E./a", "/a%2F..%2Fb", "/..%5Cb", "/%zz", "/%"})
    void whatCouldBeReadAsAnotherPathIsRefused(String path) {
        assertThatThrownBy(() -> PathSegments.of(path))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.BAD_REQUEST));
    }
}
