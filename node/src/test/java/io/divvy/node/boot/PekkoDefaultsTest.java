package io.divvy.node.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PekkoDefaultsTest {
  @TempDir Path folder;

  @AfterEach
  void forget() {
    System.clearProperty("divvy.defaults");
  }

  @Test
  void theFileSaysWhatTheJarsSayButForWhatIsNotUsed() {
    Config file = ConfigFactory.parseString(PekkoDefaults.text());
    Config jars = ConfigFactory.defaultReferenceUnresolved().resolve().withoutPath("divvy");
    assertThat(jars.entrySet().size()).isGreaterThan(500);
    for (Map.Entry<String, ConfigValue> entry : jars.entrySet()) {
      if (!file.hasPathOrNull(entry.getKey())) {
        assertThat(entry.getKey()).startsWith("pekko.actor.seriali");
      } else {
        assertThat(file.getValue(entry.getKey()).unwrapped())
            .as(entry.getKey())
            .isEqualTo(entry.getValue().unwrapped());
      }
    }
    assertThat(file.getObject("pekko.actor.serialization-bindings").values())
        .allSatisfy(
            name ->
                assertThat(file.hasPath("pekko.actor.serializers." + name.unwrapped()))
                    .isEqualTo(!name.unwrapped().equals("none")));
    assertThat(file.hasPath("divvy")).isFalse();
  }

  @Test
  void whereTheFileIsThereTheJarsAreNotAsked() throws Exception {
    Path file = folder.resolve("defaults.json");
    PekkoDefaults.main(new String[] {file.toString()});
    System.setProperty("divvy.defaults", file.toString());
    URL only = file.toUri().toURL();
    assertThat(Collections.list(PekkoDefaults.loader().getResources("reference.conf")))
        .containsExactly(only);
    assertThat(ConfigFactory.defaultReference(PekkoDefaults.loader()).getString("pekko.version"))
        .isNotEmpty();
  }

  @Test
  void withoutTheFileAllIsAsEver() {
    System.setProperty("divvy.defaults", folder.resolve("none").toString());
    assertThat(PekkoDefaults.loader()).isSameAs(PekkoDefaults.class.getClassLoader());
    assertThat(Files.exists(folder.resolve("none"))).isFalse();
  }
}
