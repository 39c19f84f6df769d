package io.penstock.ingest.openai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilenameTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        a.jsonl               | a.jsonl
        /etc/passwd           | passwd
        C:\\dir\\a b.txt        | a b.txt
        ../../x               | x
        ..                    | upload
        dir/                  | upload
        ``                    | upload
        """)
    void onlyTheLastSegmentOfANameIsKept(String given, String kept) {
        assertThat(Filename.of(given)).isEqualTo(kept);
    }

    @Test
    void aNameIsBoundedAndHasNoControlCharacters() {
        assertThat(Filename.of(null)).isEqualTo("upload");
        assertThat(Filename.of("a\r\nSet-Cookie: x\0\u007f")).isEqualTo("aSet-Cookie: x");
        assertThat(Filename.of("x".repeat(300))).isEqualTo("x".repeat(255));
        assertThat(Filename.of("x".repeat(254) + "🚰"))
                .as("no half of a character")
                .isEqualTo("x".repeat(254));
    }

    @Test
    void aDispositionIsSafeInAHeaderAndSaysTheWholeNameToThoseWhoCanRead() {
        assertThat(Filename.disposition("a b.jsonl")).isEqualTo("attachment; filename=\"a b.jsonl\"");
        assertThat(Filename.disposition("a\"b\\c"))
                .isEqualTo("attachment; filename=\"a_b_c\"; filename*=UTF-8''a%22b%5Cc");
        assertThat(Filename.disposition("für%.txt"))
                .isEqualTo("attachment; filename=\"f_r_.txt\"; filename*=UTF-8''f%C3%BCr%25.txt");
    }
}
