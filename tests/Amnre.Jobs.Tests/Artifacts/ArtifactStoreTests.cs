using System.Security.Cryptography;
using Amnre.Engine;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Tests.Artifacts;

public sealed class ArtifactStoreTests : IDisposable
{
    private static readonly Fingerprint Some = Fingerprint.Of("some");

    private readonly ArtifactStore _store = new(Directory.CreateTempSubdirectory("amnre-store-").FullName);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_store.Root, recursive: true);

    [Fact]
    public void Collect_takes_declared_files_and_what_patterns_match_and_nothing_else()
    {
        Write("model.pth", "weights");
        Write("histograms/b.pth", "b");
        Write("histograms/a.pth", "a");
        Write("scratch.tmp", "x");
        File.CreateSymbolicLink(Path.Combine(_store.AttemptDirectory(Some, 7), "histograms", "link.pth"), "/etc/passwd");

        var made = _store.Collect(Some, 7,
            [new JobOutput("model.pth", "m.pth"), new JobOutput("histograms/*", null), new JobOutput("none*", null, Measured: true)],
            Cancel);

        Assert.Equal(["histograms/a.pth", "histograms/b.pth", "model.pth"], made.Select(file => file.Name));
        Assert.Equal($"artifacts/{Some.Text[..2]}/{Some}/7/model.pth", made[2].Path);
        Assert.Equal((7, Convert.ToHexStringLower(SHA256.HashData("weights"u8))), (made[2].Bytes, made[2].Sha256));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../x")]
    [InlineData("a//b")]
    [InlineData("a/./b")]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("a\\..\\b")]
    public void No_path_leaves_the_store(string path) => Assert.Throws<InputException>(() => _store.Absolute(path));

    [Fact]
    public void Links_are_relative_made_when_missing_and_redirected_when_stale_but_never_replace_a_plain_file()
    {
        Write("one", "1");
        Write("two", "2");
        var folder = $"artifacts/{Some.Text[..2]}/{Some}/7";

        Assert.Equal(1, FriendlyLinks.Restore(_store, [new FriendlyLink("e/samples/x", $"{folder}/one")]).Made);
        Assert.Equal(0, FriendlyLinks.Restore(_store, [new FriendlyLink("e/samples/x", $"{folder}/one")]).Made);
        Assert.Equal("1", File.ReadAllText(Path.Combine(_store.Root, "e/samples/x")));
        Assert.Equal(1, FriendlyLinks.Restore(_store, [new FriendlyLink("e/samples/x", $"{folder}/two")]).Made);
        Assert.Equal("2", File.ReadAllText(Path.Combine(_store.Root, "e/samples/x")));
        Assert.StartsWith("../../artifacts/", new FileInfo(Path.Combine(_store.Root, "e/samples/x")).LinkTarget, StringComparison.Ordinal);

        File.WriteAllText(Path.Combine(_store.Root, "e/mine"), "mine");
        Assert.Equal(0, FriendlyLinks.Restore(_store, [new FriendlyLink("e/mine", $"{folder}/two")]).Made);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(_store.Root, "e/mine")));
    }

    [Fact]
    public void A_name_that_cannot_be_made_is_told_and_holds_no_other_up()
    {
        Write("one", "1");
        var target = $"artifacts/{Some.Text[..2]}/{Some}/7/one";
        File.WriteAllText(Path.Combine(_store.Root, "e"), "not a folder");

        var (made, error) = FriendlyLinks.Restore(_store,
            [new FriendlyLink("e/x", target), new FriendlyLink("../x", target), new FriendlyLink("f/x", target)]);

        Assert.Equal(1, made);
        Assert.StartsWith("e/x: ", error, StringComparison.Ordinal);
        Assert.Equal("1", File.ReadAllText(Path.Combine(_store.Root, "f/x")));
    }

    [Fact]
    public void Several_may_make_the_same_names_at_the_same_moment()
    {
        Write("one", "1");
        Write("two", "2");
        var folder = $"artifacts/{Some.Text[..2]}/{Some}/7";

        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancel }, i =>
            Assert.Null(FriendlyLinks.Restore(_store, [new FriendlyLink("e/x", $"{folder}/{(i % 2 == 0 ? "one" : "two")}")]).Error));

        Assert.Equal(["x"], Directory.EnumerateFileSystemEntries(Path.Combine(_store.Root, "e")).Select(Path.GetFileName));
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_store.AttemptDirectory(Some, 7), name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
