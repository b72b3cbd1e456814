namespace Amnre.Cli.Tests;

/// <summary>What clumsy hands type: each time exit code 2 (1 where the machine refuses), a sentence that names the thing, and nothing left
/// half written.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-bad-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A command line with <c>|</c> between words, its exit code, and what it says.</summary>
    private static readonly (string Line, int Code, string Says)[] Cases =
    [
        ("plan|", 2, "argument 'file' of 'plan' is empty"),
        ("run||--store|s", 2, "argument 'file' of 'run' is empty"),
        ("eval|a.pth|", 2, "argument 'samples' of 'eval' is empty"),
        ("plot|error|", 2, "argument 'input' of 'plot' is empty"),
        ("plan|folder", 2, "there is no such file"),
        ("plan|empty", 2, "an experiment file is one mapping"),
        ("sample|-samples|NaN", 2, "'NaN' of option '--samples' is not a whole number"),
        ("sample|-seed|-1", 2, "'-1' of option '--seed' is not a whole number from 0"),
        ("train|-lr|x", 2, "'x' of option '--lr' is not a number"),
        ("train|-samples|empty|-lr|NaN|--seed|1|-o|o.pth", 2, "lr: NaN is not positive"),
        ("train|-samples|empty|-wd|1e400|--seed|1|-o|o.pth", 2, "wd: Infinity is not"),
        ("train|-samples|empty|--seed|1|-o|o.pth", 2, "it is not an HDF5 file"),
        ("sample|-samples|4|--seed|1|-o|", 2, "Required argument missing for option: '--output'"),
        ("sample|-simulator|SLPC", 2, "simulator 'SLPC' is not known"),
        ("sample|-samples|4|--seed|1|-o|/dev/null/o.h5", 1, "/dev/null"),
        ("gw|prepare|-o|/dev/null/p.h5", 1, "/dev/null"),
        ("convert|empty.pth|o.safetensors", 2, "there is no file 'empty.pth'"),
        ("statsu", 2, "did you mean 'status'?"),
        ("status|--store|none", 2, "has no database"),
        ("plot|corner|{\"items\":[{\"files\":\"nothing_*.pth\"}],\"legend\":[\"A\"],\"masks\":[\"11111\"]}|-simulator|SLCP|-o|c.svg", 2,
            "no file matches nothing_*.pth: there is nothing to draw"),
        ("plot|error|{\"A\":\"nothing_*.csv\",\"B\":[\"none.csv\"]}|-simulator|SLCP|-o|e.svg", 2,
            "no file matches nothing_*.csv none.csv: there is nothing to draw"),
        ("status|--store|empty", 2, "store 'empty' is a file"),
        ("worker|--store|empty|--postgres|Host=127.0.0.1", 2, "store 'empty' is a file"),
        ("status|--store|none|--postgres|Host=127.0.0.1;Port=1", 2, "nothing was started"),
        ("gc|--store|none|--postgres|host=127.0.0.1 port=1 user=a", 2, "nothing was started"),
        ("export|x|--store|none|--postgres|postgresql://a@127.0.0.1:1/x", 2, "nothing was started"),
        ("worker|--store|s|--postgres|Host=127.0.0.1;Multiplexing=true", 2, "leave it out"),
        ("worker|--id|../w|--postgres|Host=127.0.0.1", 2, "--id '../w' is no name for a worker"),
        ("worker|--store|/dev/null/s|--postgres|Host=127.0.0.1", 2, "store '/dev/null/s' cannot be a folder, because '/dev/null' is none"),
        ("run|folder/../empty|--store|empty/s", 2, "an experiment file is one mapping"),
        ("status|--store|empty/s", 2, "is none: name another with --store or AMNRE_STORE"),
        ("doctor|--store|empty", 2, "store 'empty' is a file"),
        ("run|/dev/null|--store|s", 2, "an experiment file is one mapping"),
        ("submit|--store|s|none.yaml", 2, "there is no such file"),
        ("scheduler|--store|s", 2, "no database"),
        ("cluster|up|--time|\u0663:00:00|--store|s", 2, "is not a duration"),
        ("cluster|up|--memory|3000000G|--store|s", 2, "'3000000G' is not a size"),
        ("cluster|up|--memory|4096T|--store|s", 2, "'4096T' is not a size"),
        ("plot|roc|{\"SLCP\":\"empty\"}|-simulator|SLCP|-o|o.svg", 2, "cannot be read as classified pairs"),
    ];

    public static TheoryData<string> Lines() => [.. Cases.Select(one => one.Line)];

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task It_is_refused_with_what_is_wrong(string line)
    {
        var (_, code, says) = Cases.Single(one => one.Line == line);
        Directory.CreateDirectory(Path.Combine(_folder, "folder"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "empty"), "", TestContext.Current.CancellationToken);
        using var process = CommandProcess.Start(_folder, line.Split('|'));

        var (ended, _, error) = await process.EndAsync(TestContext.Current.CancellationToken);

        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", error, StringComparison.Ordinal);
        Assert.Equal(code, ended);
        Assert.Equal(["empty", "folder"],
            Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
