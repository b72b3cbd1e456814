using Amnre.Testing;

namespace Amnre.Architecture.Tests;

/// <summary>The built command carries what Linux x64 runs, and nothing for other systems.</summary>
public sealed class OutputTests
{
    private const long MaxBytes = 150_000_000;

    [Fact]
    public void The_built_command_is_small_beside_libtorch()
    {
        var folder = Path.GetDirectoryName(Repository.Program)!;
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path))
            .Where(path => !path.StartsWith("libtorch/", StringComparison.Ordinal))
            .ToList();

        Assert.DoesNotContain(files, path => path.StartsWith("runtimes/", StringComparison.Ordinal)
            && !path.StartsWith("runtimes/linux", StringComparison.Ordinal) && !path.StartsWith("runtimes/unix", StringComparison.Ordinal));
        Assert.InRange(files.Sum(path => new FileInfo(Path.Combine(folder, path)).Length), 1, MaxBytes);
    }
}
