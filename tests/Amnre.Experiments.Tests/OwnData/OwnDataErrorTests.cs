using Amnre.Testing;
using PureHDF;

namespace Amnre.Experiments.Tests.OwnData;

/// <summary>What a plan says of files and declarations that cannot be, before anything is started.</summary>
public sealed class OwnDataErrorTests : IDisposable
{
    private readonly ArrayFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("d: { file: none.npz }", "'none.npz' is not there")]
    [InlineData("d: { file: none-*.npz }", "no file matches")]
    [InlineData("d: { file: sims.xlsx }", "is not there")]
    [InlineData("d: { file: x.npy }", "name two files, such as theta: theta.npy and x: x.npy")]
    [InlineData("d: { theta: theta.npy }", "'x' is missing")]
    [InlineData("d: { theta: [theta.npy, theta.npy], x: x.npy }", "2 files of theta and 1 of x")]
    [InlineData("d: { file: sims.npz, x: traces }", "it has no 'traces', only theta, x")]
    [InlineData("d: { theta: x.npy, x: x.npy }", "theta has the shape (10, 3), but there are 2 parameters (a, b)")]
    [InlineData("d: { theta: theta.npy, x: theta.npy }", "x has the shape (10, 2), but an observation has (3)")]
    [InlineData("d: { theta: theta.npy, x: short.npy }", "theta of 'theta.npy' has 10 rows, but x of 'short.npy' has 4")]
    [InlineData("d: { file: sims.npz, rows: 5 }", "leave 'rows' out, or take some with 'indices'")]
    [InlineData("d: { file: sims.npz, seed: 1 }", "leave 'seed' out")]
    [InlineData("d: { file: sims.npz, shards: 2 }", "leave 'shards' out")]
    [InlineData("d: { file: sims.npz, events: true }", "leave 'events' out")]
    [InlineData("d: { file: sims.npz, indices: [4, 11] }", "indices end at row 11, but the files have 10 rows")]
    [InlineData("d: { file: sims.npz, indices: [4, 4] }", "'indices' must be two whole numbers")]
    [InlineData("d: { file: sims.npz, indices: [-1, 4] }", "'indices' must be two whole numbers")]
    [InlineData("d: { rows: 5 }", "the experiment has no simulator, so rows cannot be drawn")]
    [InlineData("d: { events: true }", "has no reference events")]
    public void A_dataset(string section, string told)
    {
        NumpyFile.Write(_folder["short.npy"], ArrayFolder.X(4), 4, 3);
        File.WriteAllText(_folder["garbage.npz"], "garbage");

        Refuses($"datasets:\n  {section}\n", 5, told);
    }

    /// <summary>Values are looked at before anything is started, those of the rows that are taken.</summary>
    [Theory]
    [InlineData("theta", 7, "row 3 of theta: b is 11, outside the prior [0.1, 10)", 11)]
    [InlineData("theta", 6, "row 3 of theta: a is NaN: values must be finite", double.NaN)]
    [InlineData("x", 10, "row 3 of x: x[1] is -Infinity: values must be finite", double.NegativeInfinity)]
    [InlineData("x", 10, "row 3 of x: x[1] is 1E+39, which single precision does not hold", 1e39)]
    public void A_value_that_cannot_be(string array, int place, string told, double bad)
    {
        var (theta, x) = (ArrayFolder.Theta(ArrayFolder.Rows), ArrayFolder.X(ArrayFolder.Rows));
        (array == "x" ? x : theta)[place] = bad;
        NumpyFile.WriteArchive(_folder["bad.npz"], ("theta", theta, [ArrayFolder.Rows, 2]), ("x", x, [ArrayFolder.Rows, 3]));

        Refuses("datasets:\n  d: { file: bad.npz }\n", 5, told);
        Assert.NotEmpty(_folder.Plan(ArrayFolder.Head + "datasets:\n  d: { file: bad.npz, indices: [4, 10] }\n").Jobs);
    }

    /// <summary>Columns that a file names are those that are declared, in their order: swapped, they would be learnt as one
    /// another.</summary>
    [Theory]
    [InlineData("b,a", "its columns are b, a, but the parameters are declared in the order a, b")]
    [InlineData("\"b\",\"a\"", "its columns are b, a, but the parameters are declared in the order a, b")]
    [InlineData("# b,a", "its columns are b, a, but the parameters are declared in the order a, b")]
    [InlineData("a,c", "its columns are named a, c, but the parameters are a, b")]
    [InlineData("a,b", null)]
    [InlineData(" a , \"b\"", null)]
    [InlineData("# a,b", null)]
    [InlineData("# made on Monday, in haste", null)]
    [InlineData("", null)]
    public void Names_of_columns(string header, string? told)
    {
        File.WriteAllText(_folder["named.csv"], $"{header}\n{string.Join('\n', Enumerable.Repeat("0.5,1.5", ArrayFolder.Rows))}\n");
        var section = "datasets:\n  d: { theta: named.csv, x: x.npy }\n";

        if (told is null) Assert.NotEmpty(_folder.Plan(ArrayFolder.Head + section).Jobs);
        else Refuses(section, 5, told);
    }

    [Theory]
    [InlineData("b a", "its columns are b, a, but the parameters are declared in the order a, b")]
    [InlineData("a c", "its columns are named a, c, but the parameters are a, b")]
    [InlineData("a b", null)]
    public void Names_in_an_attribute(string names, string? told)
    {
        var theta = new H5Dataset<float[]>([.. Enumerable.Repeat(0.5f, 2 * ArrayFolder.Rows)], fileDims: [ArrayFolder.Rows, 2]);
        theta.Attributes["parameters"] = names.Split(' ');
        var x = new H5Dataset<float[]>(new float[3 * ArrayFolder.Rows], fileDims: [ArrayFolder.Rows, 3]);
        new H5File { ["theta"] = theta, ["x"] = x }.Write(_folder["named.h5"]);
        var section = "datasets:\n  d: { file: named.h5 }\n";

        if (told is null) Assert.NotEmpty(_folder.Plan(ArrayFolder.Head + section).Jobs);
        else Refuses(section, 5, told);
    }

    [Theory]
    [InlineData("o: { x: a }", "'file' is missing")]
    [InlineData("o: { file: none.csv }", "'none.csv' is not there")]
    [InlineData("o: { file: x.npy, x: x }", "it holds one array, which has no name")]
    [InlineData("o: { file: theta.npy }", "one observation has (3)")]
    [InlineData("o: { file: sims.npz, x: theta }", "one observation has (3)")]
    [InlineData("o: { file: nan.csv }", "line 2, column 1 is NaN")]
    [InlineData("o: { file: obs.csv, rows: 3 }", "unknown field 'rows'")]
    public void An_observation(string section, string told)
    {
        File.WriteAllText(_folder["nan.csv"], "1,2,3\nnan,2,3\n");

        Refuses($"observations:\n  {section}\n", 5, told);
    }

    [Theory]
    [InlineData("calibration")]
    [InlineData("kl")]
    [InlineData("classify")]
    public void What_needs_true_parameters_is_refused_of_an_observation(string field) =>
        Assert.Contains($"'{field}' compares with true parameters, and observation 'night' has none", Assert.Single(_folder.Errors(
            ArrayFolder.Study.Replace("{ data: night }", $"{{ data: night, {field}: true }}", StringComparison.Ordinal))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void The_truth_is_not_known_without_a_simulator() =>
        Assert.Contains("accuracy", Assert.Single(_folder.Errors(
            ArrayFolder.Study.Replace("{ data: night }", "{ data: valid, accuracy: true }", StringComparison.Ordinal))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Rows_of_an_observation_are_known()
    {
        var error = Assert.Single(_folder.Errors(
            ArrayFolder.Study.Replace("{ data: night }", "{ data: night, indices: [0, 2] }", StringComparison.Ordinal)));
        Assert.Contains("indices end at row 2, but dataset 'night' has 1 rows", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Moments of other rows would standardise x otherwise.</summary>
    [Fact]
    public void Moments_of_files_are_told_apart()
    {
        var error = Assert.Single(_folder.Errors(
            ArrayFolder.Study.Replace("moments: true, reference: train", "moments: true", StringComparison.Ordinal)));
        Assert.Contains("dataset 'valid' has moments of rows 8 to 9 of sims.npz", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_could_mean_either_is_refused() => Assert.Contains("'data' could mean either", Assert.Single(_folder.Errors(
        ArrayFolder.Head + "datasets: { night: { file: sims.npz } }\nobservations: { Night: { file: obs.csv } }\n")).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("observation: [3]", "'parameters' has 0 entries")]
    [InlineData("parameters: { a: { uniform: [0, 1] } }", "'observation' must be the shape")]
    [InlineData("parameters: { a: { uniform: [1, 1] } }\nobservation: [3]", "no width")]
    [InlineData("parameters: { a: { weibull: [0, 1] } }\nobservation: [3]", "prior 'weibull' is unknown")]
    [InlineData("parameters: { a: { beta: [0, 1] } }\nobservation: [3]", "cannot have shape 0")]
    [InlineData("parameters: { a: { poisson: [3] } }\nobservation: [3]", "prior 'poisson' is discrete")]
    [InlineData("parameters: { a: 3 }\nobservation: [3]", "needs a prior")]
    [InlineData("parameters: [a]\nobservation: [3]", "'parameters' has 0 entries")]
    [InlineData("simulator: SLCP\nparameters: { a: { uniform: [0, 1] } }", "leave 'parameters' out")]
    [InlineData("description: nothing", "'simulator' is missing")]
    public void A_declaration(string text, string told) =>
        Assert.Contains(_folder.Errors($"name: own\n{text}\n"), error => error.Message.Contains(told, StringComparison.Ordinal));

    private void Refuses(string text, int line, string told)
    {
        var errors = _folder.Errors(ArrayFolder.Head + text);
        var error = Assert.Single(errors, error => error.Message.Contains(told, StringComparison.Ordinal));
        Assert.Equal(line, error.Line);
    }
}
