package io.github.pixelwise.docs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.pixelwise.Segmenter;
import io.github.pixelwise.evaluation.Evaluation;
import io.github.pixelwise.imaging.Images;
import io.github.pixelwise.postprocess.Alpha;
import io.github.pixelwise.products.Recipe;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks dependencies between modules, and what is public: see docs/architecture.md. */
class ArchitectureTest {
  private static final String ROOT = "io.github.pixelwise";
  private static final String INTERNAL = ROOT + ".internal";

  /** The packages that each module exports, without their common prefix. */
  private static final Map<String, List<String>> PUBLIC_PACKAGES =
      Map.ofEntries(
          Map.entry(ROOT, List.of("", ".model", ".spi", ".tile")),
          Map.entry(ROOT + ".imaging", List.of(".imaging", ".imaging.stream")),
          Map.entry(ROOT + ".postprocess", List.of(".postprocess", ".postprocess.shape")),
          Map.entry(ROOT + ".products", List.of(".products")),
          Map.entry(ROOT + ".evaluation", List.of(".evaluation", ".evaluation.dataset")),
          Map.entry(ROOT + ".training", List.of(".training", ".training.augment")),
          Map.entry(
              ROOT + ".network",
              List.of(".network", ".network.checkpoint", ".network.convert", ".network.tflite")),
          Map.entry(ROOT + ".zoo", List.of(".zoo")),
          Map.entry(ROOT + ".models", List.of(".models")),
          Map.entry(ROOT + ".onnx", List.of(".onnx")),
          Map.entry(ROOT + ".djl", List.of(".djl")),
          Map.entry(ROOT + ".opencv", List.of(".opencv")),
          Map.entry(ROOT + ".testkit", List.of(".testkit")),
          Map.entry(ROOT + ".spark", List.of(".spark")),
          Map.entry(ROOT + ".server", List.of(".server")),
          Map.entry(ROOT + ".micrometer", List.of(".micrometer")),
          Map.entry(ROOT + ".quantization", List.of(".quantization")),
          Map.entry(ROOT + ".spring", List.of(".spring")),
          Map.entry(ROOT + ".cli", List.of(".cli")));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  /** Top-level types, without {@code package-info}. */
  private static Stream<JavaClass> topLevel() {
    return CLASSES.stream()
        .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"));
  }

  private static boolean isPublic(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC);
  }

  private static boolean isInternal(JavaClass type) {
    String name = type.getPackageName() + ".";
    return name.startsWith(ROOT + ".") && name.contains(".internal.");
  }

  /** The name of a type's module. */
  private static String module(JavaClass type) {
    return PUBLIC_PACKAGES.keySet().stream()
        .filter(module -> !module.equals(ROOT))
        .filter(module -> (type.getPackageName() + ".").startsWith(module + "."))
        .findFirst()
        .orElse(ROOT);
  }

  /** The descriptor of a named module. */
  private static ModuleDescriptor descriptor(Class<?> type) throws IOException {
    String top = type.getProtectionDomain().getCodeSource().getLocation().toString();
    // A jar if the build has packaged it, otherwise a folder.
    String folder = top.endsWith(".jar") ? "jar:" + top + "!/" : top;
    try (InputStream in = URI.create(folder + "module-info.class").toURL().openStream()) {
      return ModuleDescriptor.read(in);
    }
  }

  @Test
  void modulesDependOnlyOnLowerOnes() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("api")
        .definedBy(ROOT, ROOT + ".model", ROOT + ".spi", ROOT + ".tile", INTERNAL + "..")
        .layer("imaging")
        .definedBy(ROOT + ".imaging..")
        .layer("postprocess")
        .definedBy(ROOT + ".postprocess..")
        .layer("products")
        .definedBy(ROOT + ".products")
        .layer("evaluation")
        .definedBy(ROOT + ".evaluation..")
        .layer("training")
        .definedBy(ROOT + ".training..")
        .layer("networks")
        .definedBy(ROOT + ".network..")
        .layer("zoo")
        .definedBy(ROOT + ".zoo..")
        .layer("models")
        .definedBy(ROOT + ".models")
        .layer("onnx")
        .definedBy(ROOT + ".onnx")
        .layer("djl")
        .definedBy(ROOT + ".djl")
        .layer("opencv")
        .definedBy(ROOT + ".opencv")
        .layer("testkit")
        .definedBy(ROOT + ".testkit")
        .layer("cli")
        .definedBy(ROOT + ".cli..")
        .layer("spark")
        .definedBy(ROOT + ".spark")
        .layer("server")
        .definedBy(ROOT + ".server")
        .layer("quantization")
        .definedBy(ROOT + ".quantization")
        .layer("micrometer")
        .definedBy(ROOT + ".micrometer")
        .layer("spring")
        .definedBy(ROOT + ".spring")
        .whereLayer("api")
        .mayNotAccessAnyLayer()
        .whereLayer("imaging")
        .mayOnlyAccessLayers("api")
        .whereLayer("postprocess")
        .mayOnlyAccessLayers("api")
        .whereLayer("products")
        .mayOnlyAccessLayers("api", "imaging", "postprocess")
        .whereLayer("evaluation")
        .mayOnlyAccessLayers("api", "imaging", "postprocess")
        .whereLayer("training")
        .mayOnlyAccessLayers("api", "imaging", "postprocess", "evaluation", "networks", "djl")
        .whereLayer("networks")
        .mayOnlyAccessLayers("api")
        .whereLayer("zoo")
        .mayOnlyAccessLayers("api", "networks")
        .whereLayer("models")
        .mayOnlyAccessLayers("api")
        .whereLayer("onnx")
        .mayOnlyAccessLayers("api")
        .whereLayer("djl")
        .mayOnlyAccessLayers("api")
        .whereLayer("opencv")
        .mayOnlyAccessLayers("api")
        .whereLayer("testkit")
        .mayOnlyAccessLayers("api", "imaging")
        .whereLayer("cli")
        .mayOnlyAccessLayers(
            "api",
            "imaging",
            "products",
            "evaluation",
            "training",
            "networks",
            "zoo",
            "quantization",
            "server")
        .whereLayer("spark")
        .mayOnlyAccessLayers("api", "imaging", "postprocess", "products", "evaluation", "zoo")
        .whereLayer("server")
        .mayOnlyAccessLayers("api", "imaging", "postprocess", "products")
        .whereLayer("quantization")
        .mayOnlyAccessLayers("api", "imaging", "evaluation", "onnx")
        .whereLayer("micrometer")
        .mayOnlyAccessLayers("api")
        .whereLayer("spring")
        .mayOnlyAccessLayers("api", "zoo", "micrometer")
        .check(CLASSES);
  }

  @Test
  void onlyImagingAndTheCommandUseTheDesktop() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".imaging", ROOT + ".cli")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.awt..", "javax.imageio..")
        .check(CLASSES);
  }

  /** The compiler cannot check this for modules that are only named in a manifest. */
  @Test
  void internalPackagesAreUsedOnlyByModulesTheyAreExportedTo() throws IOException {
    Map<String, Set<String>> exported =
        Stream.concat(
                descriptor(Segmenter.class).exports().stream(),
                descriptor(Evaluation.class).exports().stream())
            .filter(ModuleDescriptor.Exports::isQualified)
            .collect(
                Collectors.toMap(
                    ModuleDescriptor.Exports::source, ModuleDescriptor.Exports::targets));

    assertThat(
            CLASSES.stream()
                .filter(type -> !module(type).equals(ROOT))
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(use -> isInternal(use.getTargetClass().getBaseComponentType()))
                .filter(
                    use ->
                        !module(use.getTargetClass().getBaseComponentType())
                            .equals(module(use.getOriginClass()))))
        .isNotEmpty()
        .allMatch(
            use ->
                exported
                    .getOrDefault(
                        use.getTargetClass().getBaseComponentType().getPackageName(), Set.of())
                    .contains(module(use.getOriginClass())));
  }

  @Test
  void publicTypesAreInThePackagesListedHere() {
    Map<String, Set<String>> found =
        topLevel()
            .filter(type -> isPublic(type) && !isInternal(type))
            .collect(
                groupingBy(
                    ArchitectureTest::module,
                    Collectors.mapping(
                        type -> type.getPackageName().substring(ROOT.length()), toSet())));

    assertThat(found)
        .isEqualTo(
            PUBLIC_PACKAGES.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> Set.copyOf(e.getValue()))));
  }

  @ParameterizedTest
  @ValueSource(classes = {Segmenter.class, Images.class, Alpha.class, Recipe.class})
  void modulesExportThesePackagesToAll(Class<?> type) throws IOException {
    ModuleDescriptor descriptor = descriptor(type);

    assertThat(
            descriptor.exports().stream()
                .filter(export -> !export.isQualified())
                .map(export -> export.source().substring(ROOT.length())))
        .containsExactlyInAnyOrderElementsOf(PUBLIC_PACKAGES.get(descriptor.name()));
  }

  @Test
  void noPackageHasMoreThanThirtyTypes() {
    Map<String, Long> sizes =
        topLevel().collect(groupingBy(JavaClass::getPackageName, Collectors.counting()));

    assertThat(sizes.values()).allMatch(size -> size <= 30, "at most 30, of " + sizes);
  }

  @Test
  void theRootPackageHasAtMostTwentyNinePublicTypes() {
    List<String> types =
        topLevel()
            .filter(type -> type.getPackageName().equals(ROOT) && isPublic(type))
            .map(JavaClass::getSimpleName)
            .sorted()
            .toList();

    assertThat(types).hasSizeBetween(20, 29);
  }
}
