package io.divvy;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules of who may use whom. Each lists all that a package may use, so that something new is
 * refused until it is allowed here; and each fails when there is nothing that it applies to.
 */
class ArrowsTest {
  private static final JavaClasses DIVVY =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.divvy");

  private static final DescribedPredicate<JavaClass> JDK = resideInAPackage("java..");
  private static final DescribedPredicate<JavaClass> JOBS_AND_MESSAGES =
      JDK.or(resideInAnyPackage("io.divvy.job", "io.divvy.protocol", "org.jspecify.annotations"));
  private static final DescribedPredicate<JavaClass> INPUT_AND_NULLNESS =
      resideInAnyPackage("io.divvy.node.input", "org.jspecify.annotations");
  // Settings arrive as values; whoever reads the configuration itself is neither actor nor
  // decision.
  private static final DescribedPredicate<JavaClass> SETTINGS =
      resideInAPackage("io.divvy.config")
          .and(describe("records", type -> type.isRecord() || type.isEnum()));
  private static final DescribedPredicate<JavaClass> TYPED_ACTORS =
      resideInAnyPackage("org.apache.pekko.actor.typed..", "org.apache.pekko.japi..", "org.slf4j")
          .or(
              describe(
                  "where an actor lives",
                  type ->
                      type.getName().equals("org.apache.pekko.actor.ActorPath")
                          || type.getName().equals("org.apache.pekko.actor.Address")))
          .or(
              describe(
                  "a scheduled message",
                  type -> type.getName().equals("org.apache.pekko.actor.Cancellable")))
          .or(
              describe(
                  "a mark on messages that never leave their JVM",
                  type ->
                      type.getName()
                          .equals("org.apache.pekko.actor.NoSerializationVerificationNeeded")));

  @Test
  void whatAJobIsNeedsOnlyTheJdk() {
    check("io.divvy.job", JDK.or(resideInAPackage("io.divvy.job")));
  }

  @Test
  void messagesKnowJobsAndTypedActors() {
    check(
        "io.divvy.protocol",
        JOBS_AND_MESSAGES.or(
            resideInAnyPackage(
                "com.fasterxml.jackson.annotation", "org.apache.pekko.actor.typed")));
  }

  @Test
  void settingsKnowOnlyTheConfiguration() {
    check(
        "io.divvy.config..",
        JDK.or(
            resideInAnyPackage(
                "io.divvy.config..", "com.typesafe.config", "org.jspecify.annotations")));
  }

  @Test
  void theCoordinatorKnowsNoNode() {
    check(
        "io.divvy.coordinator..",
        JOBS_AND_MESSAGES
            .or(SETTINGS)
            .or(TYPED_ACTORS)
            .or(resideInAPackage("io.divvy.coordinator..")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"account", "event", "journal", "ledger", "merge", "share"})
  void decisionsKnowNoActors(String decision) {
    check(
        "io.divvy.coordinator." + decision + "..",
        JOBS_AND_MESSAGES
            .or(SETTINGS)
            .or(
                resideInAnyPackage(
                    "io.divvy.coordinator.account..",
                    "io.divvy.coordinator.event..",
                    "io.divvy.coordinator.journal..",
                    "io.divvy.coordinator.ledger..",
                    "io.divvy.coordinator.merge..",
                    "io.divvy.coordinator.share..")));
  }

  @Test
  void howADownloadIsSharedKnowsNoActors() {
    classes()
        .that()
        .resideInAPackage("io.divvy.coordinator.download")
        .and(describe("decisions", type -> !type.getName().contains("DownloadCoordinator")))
        .and(describe("decisions", type -> !type.getName().contains("DownloadNode")))
        .should()
        .onlyDependOnClassesThat(
            JOBS_AND_MESSAGES
                .or(SETTINGS)
                .or(resideInAnyPackage("io.divvy.coordinator", "io.divvy.coordinator.."))
                .as("are no actors"))
        .check(DIVVY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent", "worker"})
  void whoComputesMeetsTheCoordinatorThroughMessagesAlone(String who) {
    check(
        "io.divvy.node." + who + "..",
        JOBS_AND_MESSAGES
            .or(SETTINGS)
            .or(TYPED_ACTORS)
            .or(resideInAnyPackage("io.divvy.node.agent..", "io.divvy.node.worker..")));
  }

  @Test
  void fetchingOneUrlKnowsNothingOfRuns() {
    check(
        "io.divvy.node.download.fetch..",
        JDK.or(
            resideInAnyPackage(
                "io.divvy.node.download.fetch..",
                "javax.net.ssl",
                "org.apache.hc..",
                "org.jspecify.annotations")));
  }

  @Test
  void whatDownloadsDecideAndKeepKnowsNoActors() {
    DescribedPredicate<JavaClass> input = JDK.or(INPUT_AND_NULLNESS);
    check(
        "io.divvy.node.download.list..", input.or(resideInAPackage("io.divvy.node.download.list")));
    DescribedPredicate<JavaClass> json = resideInAPackage("com.fasterxml.jackson..");
    DescribedPredicate<JavaClass> files =
        resideInAnyPackage("io.divvy.node.download.list", "io.divvy.node.download.place");
    check("io.divvy.node.download.place..", input.or(json).or(files));
    check(
        "io.divvy.node.download.manifest..",
        input.or(json).or(files).or(resideInAPackage("io.divvy.node.download.manifest")));
  }

  @Test
  void transfersMeetTheCoordinatorThroughMessagesAlone() {
    check(
        "io.divvy.node.download.transfer..",
        JOBS_AND_MESSAGES
            .or(SETTINGS)
            .or(TYPED_ACTORS)
            .or(resideInAPackage("io.divvy.node.download.transfer..")));
  }

  @Test
  void drillsKnowEventsAndTheProcessesOfNodes() {
    check(
        "io.divvy.node.drill..",
        JOBS_AND_MESSAGES
            .or(INPUT_AND_NULLNESS)
            .or(
                resideInAnyPackage(
                    "io.divvy.coordinator.event..",
                    "io.divvy.coordinator.ledger..",
                    "io.divvy.node.drill..",
                    "com.fasterxml.jackson..",
                    "org.slf4j")));
  }

  private static void check(String packages, DescribedPredicate<JavaClass> allowed) {
    classes()
        .that()
        .resideInAPackage(packages)
        .should()
        .onlyDependOnClassesThat(allowed.as("are allowed in " + packages))
        .check(DIVVY);
  }
}
