using Amnre.Engine.SampleFiles;

namespace Amnre.Engine.Tests.SampleFiles;

public sealed class SamplePathsTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    /// <summary>macOS leaves <c>._a.h5</c> beside <c>a.h5</c> on disks of other systems.</summary>
    [Fact]
    public void Files_that_begin_with_a_dot_are_no_shards()
    {
        foreach (var name in (string[])["a.h5", "._a.h5", "b.h5", ".hidden.h5", "a.txt"]) File.WriteAllText(_scratch[name], "");

        Assert.Equal([_scratch["a.h5"], _scratch["b.h5"]], SamplePaths.Expand([_scratch.Root]));
        Assert.Equal([_scratch["a.h5"], _scratch["b.h5"]], SamplePaths.Expand([_scratch["*.h5"]]));
        Assert.Equal([_scratch["._a.h5"]], SamplePaths.Expand([_scratch["._*.h5"]]));
        Assert.Equal([_scratch["._a.h5"]], SamplePaths.Expand([_scratch["._a.h5"]]));
    }
}
