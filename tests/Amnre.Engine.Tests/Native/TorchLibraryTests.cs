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
        Assert.Single(mapped);
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
}
