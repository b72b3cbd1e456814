namespace Amnre.Engine.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Two_writers_of_one_file_do_not_meet_and_the_last_to_commit_stays()
    {
        using var first = AtomicFile.Create(_scratch["a"]);
        using var second = AtomicFile.Create(_scratch["a"]);
        first.Stream.WriteByte(1);
        second.Stream.WriteByte(2);

        second.Commit();
        first.Commit();

        Assert.Equal([1], File.ReadAllBytes(_scratch["a"]));
        Assert.Equal([_scratch["a"]], Directory.GetFiles(_scratch.Root));
    }
}
