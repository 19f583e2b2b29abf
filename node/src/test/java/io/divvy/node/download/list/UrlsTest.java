package io.divvy.node.download.list;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "HTTP://Example.COM|http://example.com/",
        "http://h:80/a|http://h/a",
        "https://h:443/|https://h/",
        "http://h:443/|http://h:443/",
        "http://h:/|http://h/",
        "http://h:0080/|http://h/",
        "http://h/a#part|http://h/a",
        "http://h?q|http://h/?q",
        "http://h/?|http://h/?",
        "http://h/a/./b/../c|http://h/a/c",
        "http://h/../../x|http://h/x",
        "http://h/a/..|http://h/",
        "http://h/a/%2e%2E/b|http://h/b",
        "http://h/a//b|http://h/a//b",
        "http://h\\a\\b|http://h/a/b",
        "http://h/a?b\\c|http://h/a?b%5Cc",
        "http://h/a b|http://h/a%20b",
        "http://h/ä?ö=ü|http://h/%C3%A4?%C3%B6=%C3%BC",
        "http://h/😀|http://h/%F0%9F%98%80",
        "http://h/100%|http://h/100%25",
        "http://h/%41%zz|http://h/%41%25zz",
        "http://h/[a]{b}^`<>\"|http://h/%5Ba%5D%7Bb%7D%5E%60%3C%3E%22",
        "http://h/a'(b)*!;,:@&=+$~|http://h/a'(b)*!;,:@&=+$~",
        "http://Bücher.example/|http://xn--bcher-kva.example/",
        "http://日本語。jp/|http://xn--wgv71a119e.jp/",
        "http://my_host.example/|http://my_host.example/",
        "http://[2001:DB8::1]:81/|http://[2001:db8::1]:81/",
        "http://127.0.0.1:8080/|http://127.0.0.1:8080/",
      })
  void urlsAreReadAsABrowserDoes(String text, String normal) throws Exception {
    assertThat(Urls.parse(text)).hasToString(normal);
    assertThat(Urls.parse(normal)).hasToString(normal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com/a",
        "/a",
        "ftp://h/a",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http:h/a",
        "http:///a",
        "http://:80/",
        "http://user@h/",
        "http://user:secret@h/",
        "http://h:0/",
        "http://h:65536/",
        "http://h:x/",
        "http://h:99999999999/",
        "http://a..b/",
        "http://.a/",
        "http://a b/",
        "http://a%41/",
        "http://[::1/",
        "http://[x]/",
        "http://[:::::]/",
        "http://[fe80::1%25eth0]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://127.0.0.01/",
        "http://256.1.1.1/",
        "http://h/a\u0000b",
        "http://h/a\tb",
      })
  void whatCannotBeFetchedIsRefused(String text) {
    assertThatThrownBy(() -> Urls.parse(text)).isInstanceOf(Urls.UnreadableException.class);
  }

  @Test
  void aPasswordIsNotRepeated() {
    assertThatThrownBy(() -> Urls.parse("http://me:secret@h/"))
        .hasMessageNotContaining("secret")
        .hasMessageContaining("--header");
  }

  @Test
  void theHostIsKnownAlsoWhereTheJdkDoesNotSeeIt() {
    assertThat(Urls.host(URI.create("http://a_b.c:81/"))).isEqualTo("a_b.c");
    assertThat(Urls.host(URI.create("http://[::1]/"))).isEqualTo("[::1]");
  }
}
