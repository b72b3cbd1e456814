using Amnre.Testing;

namespace Amnre.Architecture.Tests;

/// <summary>A kernel that names vectors of 64 bytes alone runs in software on most processors.</summary>
public sealed class VectorWidthTests
{
    [Fact]
    public void No_kernel_names_the_widest_vectors_only() =>
        Assert.DoesNotContain(
            Repository.SourceFiles("src"),
            path => IsKernel(path) && !File.ReadAllText(path).Contains("Vector256", StringComparison.Ordinal));

    [Fact]
    public void One_type_says_how_wide_the_processor_is() =>
        Assert.Equal(
            ["VectorWidth"],
            Repository.SourceFiles("src")
                .Where(path => File.ReadAllText(path).Contains("Vector512.IsHardwareAccelerated", StringComparison.Ordinal))
                .Select(path => Path.GetFileNameWithoutExtension(path)));

    private static bool IsKernel(string path) =>
        File.ReadAllText(path).Contains("Vector512", StringComparison.Ordinal) && Path.GetFileNameWithoutExtension(path) != "VectorWidth";
}
