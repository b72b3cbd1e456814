using Amnre.Engine.Checkpoints;
using Amnre.Engine.Tables;
using Amnre.Engine.Tests.Golden;

namespace Amnre.Engine.Tests.Checkpoints;

public sealed class ModelFileTests
{
    public static TheoryData<string> Fixtures() =>
        [.. Directory.GetFiles(GoldenFile.Path("fixtures"), "*.json").Select(path => Path.GetFileNameWithoutExtension(path))];

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void A_file_of_the_original_is_written_again_character_for_character_before_the_new_keys(string name)
    {
        var original = File.ReadAllText(GoldenFile.Path($"fixtures/{name}.json"));

        var text = ModelFile.Read(GoldenFile.Path($"fixtures/{name}.json")).Text();

        Assert.StartsWith(original[..^2], text, StringComparison.Ordinal);
        Assert.StartsWith(",\n    \"seed\": 0,\n    \"threads\": 1,\n", text[(original.Length - 2)..], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "not an object")]
    [InlineData("{", "not a readable")]
    [InlineData("{}", "simulator")]
    [InlineData("""{"simulator": "SLCP", "epochs": "many"}""", "not a readable")]
    [InlineData("""{"simulator": "SLCP", "model": 3}""", "model")]
    public void What_is_no_settings_file_is_refused(string text, string reason)
    {
        using var folder = new ScratchDirectory();
        File.WriteAllText(folder["a.json"], text);

        Assert.Contains(reason, Assert.Throws<InputException>(() => ModelFile.Read(folder["a.json"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Histories))]
    public void A_history_of_the_original_is_written_again_byte_for_byte(string name)
    {
        using var folder = new ScratchDirectory();
        HistoryFile.Write(folder["a.csv"], HistoryFile.Read(GoldenFile.Path($"fixtures/{name}.csv")));

        Assert.Equal(File.ReadAllText(GoldenFile.Path($"fixtures/{name}.csv")), File.ReadAllText(folder["a.csv"]));
    }

    public static TheoryData<string> Histories() =>
        [.. Directory.GetFiles(GoldenFile.Path("fixtures"), "*.csv").Select(path => Path.GetFileNameWithoutExtension(path))];

    [Theory]
    [InlineData("epoch,loss\n1,2\n", "first line")]
    [InlineData("epoch,time,lr,mean,std\n1,2,3\n", "line 2")]
    [InlineData("epoch,time,lr,mean,std\n1,2,3,x,5\n", "line 2")]
    public void A_table_that_does_not_fit_is_refused(string text, string reason)
    {
        using var folder = new ScratchDirectory();
        File.WriteAllText(folder["a.csv"], text);

        Assert.Contains(reason, Assert.Throws<InputException>(() => HistoryFile.Read(folder["a.csv"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0.0")]
    [InlineData(10, "10.0")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(1.25e-7, "1.25e-07")]
    [InlineData(123456789012345680, "1.2345678901234568e+17")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(1e16, "1e+16")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(1.3951284885406494, "1.3951284885406494")]
    [InlineData(double.NaN, "nan")]
    [InlineData(5e-324, "5e-324")]
    public void Numbers_are_written_as_Python_does(double value, string text) => Assert.Equal(text, PythonNumber.Text(value));
}
