using System.Diagnostics;
using Amnre.Engine.Native;
using TorchSharp;

namespace Amnre.Engine.Tests.Native;

public sealed class TorchLibraryTests
{
    [Fact]
    public void Tensors_work_and_the_library_is_loaded_once_only()
    {
        Parallel.For(0, 8, _ => TorchLibrary.EnsureLoaded());

        using var sum = torch.ones(3).sum();
        Assert.Equal(3f, sum.item<float>());
        var mapped = File.ReadLines("/proc/self/maps").Where(line => line.Contains("libtorch_cpu.so", StringComparison.Ordinal))
            .Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..]).Distinct();
        var folder = Environment.GetEnvironmentVariable(TorchLibrary.FolderVariable) ?? Path.Combine(AppContext.BaseDirectory, "libtorch");
        Assert.Equal([Path.Combine(folder, "libtorch_cpu.so")], mapped);
    }

    [Fact]
    public void The_variable_names_another_libtorch_and_only_that_is_loaded()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "other-libtorch");
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "libtorch")))
            Assert.Equal(0, Start("ln", ["-f", file, folder], null).Code);

        var (code, output) = Start(Environment.ProcessPath!, ["-method", $"*.{nameof(Tensors_work_and_the_library_is_loaded_once_only)}"],
            folder);

        Assert.True(code == 0, output);
        Assert.Contains("Total: 1", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_libtorch_is_named_with_the_remedy()
    {
        var (code, output) = Start(Environment.ProcessPath!, ["-class", "none"], "/nowhere/torch/lib");

        Assert.NotEqual(0, code);
        Assert.Contains("'/nowhere/torch/lib' holds no libtorch.so: set AMNRE_TORCH to", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_folder_is_refused_once_a_library_is_loaded() =>
        Assert.Contains("already loaded", Assert.Throws<InputException>(() => TorchLibrary.EnsureLoaded("/nowhere/torch/lib")).Message);

    [Fact]
    public void The_copy_is_written_once_and_mended_when_its_content_is_wrong()
    {
        var folder = Directory.CreateTempSubdirectory("amnre-test-").FullName;
        try
        {
            byte[] content = [1, 2, 3, 4];
            var path = BridgeCopy.WriteInto(folder, "a.so", content);
            var written = File.GetLastWriteTimeUtc(path);
            Assert.Equal(path, BridgeCopy.WriteInto(folder, "a.so", content));
            Assert.Equal(written, File.GetLastWriteTimeUtc(path));

            File.WriteAllBytes(path, [1, 2, 3, 5]);
            BridgeCopy.WriteInto(folder, "a.so", content);
            Assert.Equal(content, File.ReadAllBytes(path));
            Assert.Equal([path], Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static (int Code, string Output) Start(string program, string[] arguments, string? torchFolder)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (torchFolder is not null) start.Environment[TorchLibrary.FolderVariable] = torchFolder;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(10)));
        return (process.ExitCode, output.Result + error.Result);
    }
}
