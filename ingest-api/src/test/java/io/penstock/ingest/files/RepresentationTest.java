package io.penstock.ingest.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.ingest.files.Representation.Wish;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepresentationTest {
    private static final String ETAG = "\"e\"";
    private static final long SIZE = 5000;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        bytes=0-0           | 0    | 1
        bytes=0-4999        | 0    | 5000
        bytes=10-           | 10   | 4990
        bytes=4999-9999     | 4999 | 1
        bytes=-1            | 4999 | 1
        bytes=-9999         | 0    | 5000
        Bytes = 7 - 8       | 7    | 2
        """)
    void aRangeIsCutToTheFile(String range, long from, long length) {
        assertThat(of(null, range, null, null)).isEqualTo(new Representation.Range(from, length));
        assertThat(of(null, range, ETAG, null)).isEqualTo(new Representation.Range(from, length));
        assertThat(of(null, range, null, "gzip")).isEqualTo(new Representation.Range(from, length));
        assertThat(of(null, range, "\"other\"", null)).isEqualTo(new Representation.Whole(false));
        assertThat(of(null, range, "W/" + ETAG, null)).isEqualTo(new Representation.Whole(false));
    }

    @ParameterizedTest
    @CsvSource({"bytes=5000-", "bytes=5000-6000", "bytes=-0"})
    void aRangeOutsideOfTheFileCannotBeSatisfied(String range) {
        assertThat(of(null, range, null, null)).isEqualTo(new Representation.Unsatisfiable());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"bytes=0-1,5-6", "bytes=-", "bytes=a-b", "lines=0-1", "bytes=9-3", "bytes=0-9999999999999999999"})
    void whatIsNoSingleRangeIsAnsweredWhole(String range) {
        assertThat(of(null, range, null, null)).isEqualTo(new Representation.Whole(false));
    }

    @Test
    void anEmptyFileHasNoRange() {
        assertThat(Representation.of(new Wish(null, "bytes=0-", null, null), ETAG, 0))
                .isEqualTo(new Representation.Unsatisfiable());
        assertThat(Representation.of(new Wish(null, "bytes=-5", null, null), ETAG, 0))
                .isEqualTo(new Representation.Unsatisfiable());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        gzip                     | true
        deflate, gzip;q=0.5, br  | true
        *                        | true
        GZIP ; Q=1               | true
        gzip;q=0                 | false
        gzip;q=0.000             | false
        deflate, br              | false
        not-gzip                 | false
        identity                 | false
        """)
    void itIsCompressedForThoseWhoAcceptThat(String accept, boolean gzip) {
        assertThat(of(null, null, null, accept)).isEqualTo(new Representation.Whole(gzip));
        assertThat(Representation.of(new Wish(null, null, null, accept), ETAG, 1023))
                .isEqualTo(new Representation.Whole(false));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "e"             | true
        W/"e"           | true
        "x", "e"        | true
        "e-gzip"        | true
        *               | true
        "x"             | false
        e               | false
        """)
    void whatTheClientHasIsNotSentAgain(String ifNoneMatch, boolean same) {
        assertThat(of(ifNoneMatch, "bytes=0-1", null, "gzip"))
                .isEqualTo(same ? new Representation.NotModified() : new Representation.Range(0, 2));
    }

    private static Representation of(
            @Nullable String ifNoneMatch, @Nullable String range, @Nullable String ifRange, @Nullable String accept) {
        return Representation.of(new Wish(ifNoneMatch, range, ifRange, accept), ETAG, SIZE);
    }
}
