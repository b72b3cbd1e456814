using Amnre.Testing;
using PublicApiGenerator;

namespace Amnre.Architecture.Tests;

/// <summary>What programs that use the engine as a library can see is written down; a change of it is a decision, and shows as a
/// difference.</summary>
public sealed class SurfaceTests
{
    [Fact]
    public void The_engines_public_surface_is_the_one_written_down()
    {
        var surface = typeof(Engine.RunContext).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false })
            .ReplaceLineEndings("\n") + "\n";
        var written = Repository.File("tests", "Amnre.Architecture.Tests", "Amnre.Engine.surface.txt");
        if (File.Exists(written) && File.ReadAllText(written) == surface) return;

        var found = Repository.File("artifacts", "Amnre.Engine.surface.txt");
        File.WriteAllText(found, surface);
        Assert.Fail($"The public surface of Amnre.Engine has changed. Compare: diff {written} {found}; to accept it: cp {found} {written}");
    }
}
