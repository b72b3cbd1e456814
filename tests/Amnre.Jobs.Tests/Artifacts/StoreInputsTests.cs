using System.Security.Cryptography;
using Amnre.Engine;
using Amnre.Engine.Settings;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Garbage;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;
using Amnre.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Amnre.Jobs.Tests.Artifacts;

/// <summary>A user's files on their way into the store, and out of it.</summary>
public sealed class StoreInputsTests(TestServer server) : LedgerTest(server)
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 10, 0, 0, 0, TimeSpan.Zero));
    private string UserFolder => Directory.CreateDirectory(Path.Combine(Store.Root, "user")).FullName;

    private StoreInputs Inputs => new(Store);

    [Fact]
    public void A_content_lies_in_the_store_once_under_its_digest()
    {
        var (one, other) = (Written("a.npz", "content"), Written("b.npz", "content"));

        Inputs.Take([one, other], _clock, Cancel);

        Assert.Equal("content", File.ReadAllText(Inputs.PathOf(one.Sha256)));
        Assert.Single(Copies());
    }

    [Fact]
    public void A_file_that_changed_or_went_after_it_was_planned_is_refused_and_leaves_nothing()
    {
        var file = Written("a.npz", "content");
        File.WriteAllText(file.Path, "edited");
        Assert.Contains("has changed since the experiment was planned",
            Assert.Throws<InputException>(() => Inputs.Take([file], _clock, Cancel)).Message, StringComparison.Ordinal);

        File.Delete(file.Path);
        Assert.Contains("cannot be read any more",
            Assert.Throws<InputException>(() => Inputs.Take([file], _clock, Cancel)).Message, StringComparison.Ordinal);
        Assert.Empty(Copies());
    }

    /// <summary>Also one that was cut off by the crash of a machine that had not flushed it.</summary>
    [Fact]
    public void A_damaged_copy_is_replaced_and_a_whole_one_needs_no_file()
    {
        var file = Written("a.npz", "content");
        Inputs.Take([file], _clock, Cancel);
        File.WriteAllText(Inputs.PathOf(file.Sha256), "con");

        Inputs.Take([file], _clock, Cancel);
        Assert.Equal("content", File.ReadAllText(Inputs.PathOf(file.Sha256)));

        File.Delete(file.Path);
        Inputs.Take([file], _clock, Cancel);
    }

    [Theory]
    [InlineData("../../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    [InlineData("B94D27B9934D3E08A52E52D7DA7DABFAC484EFE37A5380EE9088F7ACE2EFCDE9")]
    public void Only_digests_name_copies(string text) => Assert.Throws<InputException>(() => Inputs.PathOf(text));

    /// <summary>What a client sends must not make a worker read files of its machine.</summary>
    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../access-0/operator-token")]
    public void A_plan_that_names_a_path_is_refused(string path)
    {
        var plan = Plan(new ImportedFile("passwd", ".csv", path));

        Assert.Contains("not named by its SHA-256",
            Assert.Throws<InputException>(() => SubmittedPlan.Check(new PlanDocument(plan))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_do_not_travel_with_a_plan()
    {
        var file = Written("a.npz", "content");
        var sent = System.Text.Json.JsonSerializer.Serialize(Plan(new("a.npz", ".npz", file.Sha256)) with { Files = [file] });

        Assert.DoesNotContain(UserFolder, sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_whose_files_are_not_in_the_store_is_refused()
    {
        var file = Written("a.npz", "content");
        var plan = Plan(new ImportedFile("a.npz", ".npz", file.Sha256));

        var refused = await Assert.ThrowsAsync<InputException>(() => SubmitAsync(plan));
        Assert.Contains("job 'import/d' imports 'a.npz', which is not in the store", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, await ScalarAsync<int>("select count(*)::int from amnre.experiments", null));

        Inputs.Take([file], _clock, Cancel);
        var ticket = await StartAsync((await SubmitAsync(plan)).ExperimentId, "import/d");
        Assert.Equal(Inputs.PathOf(file.Sha256), ticket.UserFile(file.Sha256));
    }

    [Fact]
    public async Task Garbage_collection_keeps_what_is_imported_and_removes_what_only_earlier_versions_import()
    {
        var (old, now, unknown) = (Written("a.npz", "old"), Written("b.npz", "new"), Written("c.npz", "unknown"));
        Inputs.Take([old, now, unknown], _clock, Cancel);
        var part = Inputs.PathOf(now.Sha256) + ".cut.part";
        await File.WriteAllTextAsync(part, "half", Cancel);
        File.SetLastWriteTimeUtc(part, _clock.GetUtcNow().UtcDateTime);
        foreach (var file in (LocalFile[])[old, now])
        {
            File.SetLastWriteTimeUtc(Inputs.PathOf(file.Sha256), _clock.GetUtcNow().UtcDateTime);
            await RunAsync((await SubmitAsync(Plan(new("x", ".npz", file.Sha256)))).ExperimentId, "import/d");
        }

        var collector = new GarbageCollector(Database, Store);
        var first = await collector.CollectAsync(TimeSpan.Zero, earlierVersions: false, dryRun: false, Cancel);
        Assert.Equal([(Verdict.Leftover, Path.GetRelativePath(Store.Root, part))],
            first.Removed.Where(item => item.Path.StartsWith("inputs", StringComparison.Ordinal)).Select(item => (item.Why, item.Path)));
        Assert.Equal([Path.GetRelativePath(Store.Root, Inputs.PathOf(unknown.Sha256))], first.Unknown.Select(item => item.Path));

        var second = await collector.CollectAsync(TimeSpan.Zero, earlierVersions: true, dryRun: false, Cancel);
        Assert.Contains((Verdict.EarlierVersion, Path.GetRelativePath(Store.Root, Inputs.PathOf(old.Sha256))),
            second.Removed.Select(item => (item.Why, item.Path)));
        Assert.Equal([now.Sha256, unknown.Sha256],
            Copies().Select(path => Path.GetFileName(path)!).OrderBy(name => name == unknown.Sha256));
    }

    /// <summary>Names of files decide nothing, their content and form do.</summary>
    [Fact]
    public void The_key_of_an_import_has_digests_and_no_names()
    {
        var digest = new string('a', 64);
        string Key(ImportedFile file) => Plan(file).Jobs[0].Key;

        Assert.Equal(Key(new("a.npz", ".npz", digest)), Key(new("b.npz", ".npz", digest)));
        Assert.NotEqual(Key(new("a.npz", ".npz", digest)), Key(new("a.npz", ".npz", new string('b', 64))));
        Assert.NotEqual(Key(new("a.npz", ".npz", digest)), Key(new("a.npz", ".npy", digest)));
    }

    private LocalFile Written(string name, string content)
    {
        var path = Path.Combine(UserFolder, name);
        File.WriteAllText(path, content);
        return new LocalFile(path, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));
    }

    private IEnumerable<string> Copies() => Directory.Exists(Path.Combine(Store.Root, "inputs"))
        ? Directory.EnumerateFiles(Path.Combine(Store.Root, "inputs"), "*", SearchOption.AllDirectories)
        : [];

    private static ExperimentPlan Plan(ImportedFile file)
    {
        var settings = CanonicalJson.Write(new ImportSettings
        {
            Simulator = "SLCP",
            Content = SampleContent.Arrays,
            Parts = [new(new(file, "x"), new(file, "theta"))],
            First = 0,
            Rows = 8,
        });
        var key = JobKey.Document(JobKind.Import, settings, [], isLogarithmic: false);
        return new ExperimentPlan("own", "", [new JobSpec
        {
            Name = "import/d",
            Kind = JobKind.Import,
            Settings = settings,
            Key = key,
            Fingerprint = Fingerprint.Of(key),
            Inputs = [],
            Outputs = [new JobOutput("out.txt", "samples/d.h5")],
        }]);
    }
}
