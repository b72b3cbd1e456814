using System.Security.Cryptography;
using Amnre.Jobs.Artifacts;

namespace Amnre.Jobs.Tests.Artifacts;

public sealed class FileDigestsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-digests-").FullName;
    private readonly FileDigests _digests = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Path => System.IO.Path.Combine(_folder, "data.h5");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData((1 << 20) + 7)]
    public void A_file_is_read_once_while_nothing_of_it_changes(int bytes)
    {
        var content = Enumerable.Range(0, bytes).Select(n => (byte)(n * 31)).ToArray();
        File.WriteAllBytes(Path, content);
        var expected = Convert.ToHexStringLower(SHA256.HashData(content));

        Assert.Equal(expected, _digests.Of(Path, again: false, Cancel));
        Assert.Equal(expected, _digests.Of(Path, again: false, Cancel));
        Assert.Equal(bytes, _digests.BytesRead);
        _digests.Of(Path, again: true, Cancel);
        Assert.Equal(2 * bytes, _digests.BytesRead);
    }

    /// <summary>The size is the same, and the time of the change is set back.</summary>
    [Fact]
    public void A_changed_byte_is_noticed_although_size_and_time_are_as_they_were()
    {
        File.WriteAllBytes(Path, [1, 2, 3]);
        var before = _digests.Of(Path, again: false, Cancel);
        var time = File.GetLastWriteTimeUtc(Path);
        using (var file = new FileStream(Path, FileMode.Open))
        {
            file.Position = 1;
            file.WriteByte(3);
        }

        File.SetLastWriteTimeUtc(Path, time);
        Assert.NotEqual(before, _digests.Of(Path, again: false, Cancel));
    }

    [Fact]
    public void Another_file_of_the_same_name_is_another()
    {
        File.WriteAllBytes(Path, [1, 2, 3]);
        var before = _digests.Of(Path, again: false, Cancel);
        File.WriteAllBytes(Path + ".new", [3, 2, 1]);
        File.SetLastWriteTimeUtc(Path + ".new", File.GetLastWriteTimeUtc(Path));
        File.Move(Path + ".new", Path, overwrite: true);

        Assert.NotEqual(before, _digests.Of(Path, again: false, Cancel));
    }
}
