package io.github.pixelwise.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.pixelwise.internal.plugin.NativeFolders;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which folders another user of the machine may have made, or can change. */
class OwnershipTest {
  @TempDir private Path folder;

  /** As for temporary files: everyone may write to it, and delete what is his. */
  private Path shared;

  @BeforeEach
  void start() throws IOException {
    assumeTrue(
        FileSystems.getDefault().supportedFileAttributeViews().contains("unix"),
        "skipped: files have no owners here as on Linux");
    shared = Files.createDirectory(folder.resolve("shared"));
    Files.setAttribute(shared, "unix:mode", 01777);
  }

  private static void allow(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private static String objection(Path path) throws IOException {
    return Ownership.here().objection(path).orElse("none");
  }

  /** As if that user had made it. */
  private static Path givenToNobody(Path path) throws IOException {
    assumeTrue(
        Ownership.here().trusted().equals(Set.of("root")),
        "skipped: only the superuser can give a folder to another user");
    Files.setAttribute(
        path,
        "posix:owner",
        FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("nobody"),
        LinkOption.NOFOLLOW_LINKS);
    return path;
  }

  @Test
  void whatAnotherUserMadeInASharedFolderIsRefusedWithAllBelow() throws IOException {
    Path mine = Files.createDirectory(shared.resolve("mine"));
    Path other = givenToNobody(Files.createDirectory(shared.resolve("other")));

    assertThat(objection(mine)).isEqualTo("none");
    assertThat(objection(other)).isEqualTo(other + " belongs to the user nobody");
    assertThat(objection(other.resolve("natives/1"))).isEqualTo(objection(other));
  }

  @Test
  void acceptsAFolderThatDoesNotExistYet() throws IOException {
    assertThat(objection(shared.resolve("mine/natives"))).isEqualTo("none");
  }

  @Test
  void anAdministratorMayGiveAFolderToAnyOwner() throws IOException {
    assertThat(objection(givenToNobody(Files.createDirectory(folder.resolve("cache")))))
        .isEqualTo("none");
  }

  @Test
  void aFolderThatOthersCanWriteToIsRefused() throws IOException {
    Path open = Files.createDirectory(folder.resolve("open"));
    allow(open, "rwxrwxrwx");
    Path group = Files.createDirectory(shared.resolve("group"));
    allow(group, "rwxrwx---");

    assertThat(objection(open)).isEqualTo("other users can write to " + open);
    assertThat(objection(open.resolve("cache"))).isEqualTo("other users can write to " + open);
    assertThat(objection(group)).isEqualTo("other users can write to " + group);
    assertThat(objection(shared)).isEqualTo("other users can write to " + shared);
  }

  @Test
  void aLinkThatAnotherUserMadeIsRefusedWhereverItLeads() throws IOException {
    Path mine = Files.createDirectory(folder.resolve("mine"));
    Path link = Files.createSymbolicLink(shared.resolve("pixelwise-me"), mine);

    assertThat(objection(link)).isEqualTo("none");
    givenToNobody(link);
    assertThat(objection(link)).isEqualTo(link + " belongs to the user nobody");
  }

  @Test
  void aLinkIntoAFolderOfAnotherUserIsRefused() throws IOException {
    Path other = givenToNobody(Files.createDirectory(shared.resolve("other")));
    Path link = Files.createSymbolicLink(folder.resolve("link"), other);

    assertThat(objection(link)).isEqualTo(other.toRealPath() + " belongs to the user nobody");
  }

  @Test
  void aFolderInASharedOneIsMadeForItsOwnerAlone() throws IOException {
    Path mine = shared.resolve("pixelwise-me");
    CacheFolders.require(mine.resolve("models"), true);
    CacheFolders.require(folder.resolve("cache/models"), true);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(mine)))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("cache"))))
        .startsWith("rwx")
        .doesNotMatch(".{4}w.*|.{7}w.*");
  }

  @Test
  void whatAnotherUserMadeInASharedFolderIsNoCache() throws IOException {
    Path planted = givenToNobody(Files.createDirectory(shared.resolve("pixelwise-root")));
    CacheFolders cache = new CacheFolders(List.of(planted));

    assertThat(cache.trusted("models")).isEmpty();
    assertThat(cache.writable("models")).isEmpty();
    assertThat(cache.whyNotWritable("models")).contains(planted + " belongs to the user nobody");
    assertThatThrownBy(() -> NativeFolders.unpack(cache, "natives", there -> {}))
        .hasMessage(
            planted
                + " belongs to the user nobody. Set -Dpixelwise.cache or PIXELWISE_CACHE to a "
                + "writable folder of your own that allows execution");
  }
}
