using Amnre.Engine.Native;

namespace Amnre.Engine.Tests.Native;

public sealed class ProcessorKindTests
{
    [Fact]
    public void This_processor_is_the_one_that_the_system_names()
    {
        Assert.SkipUnless(File.Exists("/proc/cpuinfo") && System.Runtime.Intrinsics.X86.X86Base.IsSupported, "needs Linux on x64");
        var facts = File.ReadLines("/proc/cpuinfo").TakeWhile(line => line.Length > 0).Select(line => line.Split(':', 2))
            .ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim());

        Assert.Equal(facts["model name"], ProcessorKind.Here.Model);
        Assert.Equal($"{facts["vendor_id"]} family {facts["cpu family"]}", ProcessorKind.Here.Family);
    }

    [Theory]
    [InlineData("", "processor")]
    [InlineData("AMNRE_MATRIX_KERNELS=maker", "maker")]
    [InlineData("MKL_ENABLE_INSTRUCTIONS=AVX2 ATEN_CPU_CAPABILITY=avx2",
        "processor, MKL_ENABLE_INSTRUCTIONS=AVX2, ATEN_CPU_CAPABILITY=avx2")]
    public void Settings_that_limit_the_kernels_are_part_of_the_kind(string environment, string expected)
    {
        var set = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);

        Assert.Equal(expected, ProcessorKind.KernelsOf(name => set.GetValueOrDefault(name)));
    }

    [Fact]
    public void The_packaged_version_is_that_of_TorchSharp()
    {
        TorchLibrary.EnsureLoaded();
        Assert.StartsWith(TorchVersion.Packaged, TorchSharp.torch.__version__, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_of_an_installed_PyTorch_is_read_beside_its_libraries()
    {
        using var scratch = new ScratchDirectory();
        var libraries = Directory.CreateDirectory(Path.Combine(scratch.Root, "torch", "lib")).FullName;
        Assert.Equal("of an installed PyTorch", TorchVersion.Of(libraries));
        File.WriteAllText(Path.Combine(scratch.Root, "torch", "version.py"),
            "from typing import Optional\n\n__version__ = '2.10.0+cu128'\ndebug = False\n");
        Assert.Equal("2.10.0+cu128", TorchVersion.Of(libraries));
    }
}
