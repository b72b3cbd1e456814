using Amnre.Testing;

namespace Amnre.Architecture.Tests;

/// <summary>A folder is a room: few files, and doors that open one way.</summary>
public sealed class RoomTests
{
    private const int MaxFiles = 20;

    [Fact]
    public void Folders_use_each_other_one_way()
    {
        var circle = Rooms.Circle(Rooms.Uses.Select(use => (use.From, use.To)));
        var steps = circle.Zip(circle.Skip(1), (from, to) => Rooms.Uses.First(use => use.From == from && use.To == to));
        Assert.Empty(steps.Select(use => $"{use.From} → {use.To}: {use}"));
    }

    /// <summary>What the test above looks for is found where it is.</summary>
    [Fact]
    public void A_circle_is_found()
    {
        Assert.Equal(["b", "c", "b"], Rooms.Circle([("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")]));
        Assert.Empty(Rooms.Circle([("a", "b"), ("b", "c"), ("a", "c")]));
        Assert.Contains(Rooms.Uses, use => use is { From: "Amnre.Cli", To: "Amnre.Cli.Operations" });
    }

    [Fact]
    public void Folders_hold_few_files() => Assert.Empty(
        new[] { "src", "tests" }.SelectMany(Repository.SourceFiles)
            .GroupBy(path => Path.GetDirectoryName(path)!)
            .Where(folder => folder.Count() > MaxFiles)
            .Select(folder => $"{Path.GetRelativePath(Repository.Root, folder.Key)}: {folder.Count()} files, at most {MaxFiles}"));
}
