using Amnre.Engine;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Ledger;
using Amnre.Testing;

namespace Amnre.Jobs.Tests.Ledger;

public sealed class StoreLedgerTests(TestServer server) : LedgerTest(server)
{
    private readonly string _other = Directory.CreateTempSubdirectory("amnre-other-store-").FullName;

    private StoreLedger Stores => new(Database);

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(_other, recursive: true);
        return base.DisposeAsync();
    }

    [Fact]
    public async Task The_first_store_is_registered_and_any_other_is_refused_with_both_named()
    {
        await Stores.RequireOrRegisterAsync(Store.Root, Cancel);
        await Stores.RequireOrRegisterAsync(Store.Root, Cancel);
        var id = StoreIdentity.Read(Store.Root)!;
        var other = StoreIdentity.ReadOrMake(_other);

        var refused = await Assert.ThrowsAsync<InputException>(() => Stores.RequireAsync(_other, Cancel));

        foreach (var named in new[] { id, other, Store.Root, _other, "mounted", "AMNRE_STORE", "amnre store --accept" })
            Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        await Stores.AcceptAsync(_other, Cancel);
        await Stores.RequireAsync(_other, Cancel);
        await Assert.ThrowsAsync<InputException>(() => Stores.RequireAsync(Store.Root, Cancel));
    }

    [Fact]
    public async Task A_folder_without_identity_is_refused_and_gets_none()
    {
        await Stores.RequireOrRegisterAsync(Store.Root, Cancel);

        var refused = await Assert.ThrowsAsync<InputException>(() => Stores.RequireOrRegisterAsync(_other, Cancel));

        Assert.Contains("it has no identity", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_other));
        await Assert.ThrowsAsync<InputException>(() => Stores.RequireOrRegisterAsync(Path.Combine(_other, "none"), Cancel));
        Assert.False(Directory.Exists(Path.Combine(_other, "none")));
    }

    /// <summary>The mount point without the mount.</summary>
    [Fact]
    public async Task A_ledger_of_before_adopts_the_folder_with_its_files_and_not_an_empty_one()
    {
        await RunAllAsync((await SubmitAsync(Plan("e", "job"))).ExperimentId);

        var refused = await Assert.ThrowsAsync<InputException>(() => Stores.RequireOrRegisterAsync(_other, Cancel));

        Assert.Contains("none of the 1 results published last is there", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_other));
        Assert.Null(await Stores.KnownAsync(Cancel));
        await Stores.RequireOrRegisterAsync(Store.Root, Cancel);
        Assert.Equal(StoreIdentity.Read(Store.Root), (await Stores.KnownAsync(Cancel))!.Id);
    }

    [Fact]
    public async Task Of_many_that_make_an_identity_at_once_all_get_the_same()
    {
        for (var round = 0; round < 20; round++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(_other, $"{round}")).FullName;
            var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => StoreIdentity.ReadOrMake(folder), Cancel)));
            Assert.Single(made.Distinct());
            Assert.Equal([StoreIdentity.FileName], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"id\":\"../../etc\"}")]
    [InlineData("{\"id\":5}")]
    [InlineData("not json")]
    public void A_file_that_holds_no_identity_is_refused_by_name(string text)
    {
        File.WriteAllText(Path.Combine(_other, StoreIdentity.FileName), text);

        Assert.Contains(StoreIdentity.FileName, Assert.Throws<InputException>(() => StoreIdentity.ReadOrMake(_other)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Who_may_read_the_store_may_read_its_identity()
    {
        File.SetUnixFileMode(_other, (UnixFileMode)0b111_101_000);
        StoreIdentity.ReadOrMake(_other);
        Assert.Equal((UnixFileMode)0b110_100_000, File.GetUnixFileMode(Path.Combine(_other, StoreIdentity.FileName)));
    }
}
