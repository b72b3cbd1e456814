using System.IO.Compression;
using System.Text;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Randomness;
using Amnre.Engine.Tests.Golden;

namespace Amnre.Engine.Tests.Checkpoints;

public sealed class TorchArchiveTests
{
    public static TheoryData<string> Models() =>
        [.. GoldenFile.Json("models_index.json")["models"]!.AsArray().Select(model => model!["name"]!.GetValue<string>())];

    [Theory]
    [MemberData(nameof(Models))]
    public void Read_gives_the_tensors_that_the_original_wrote_in_its_order(string name)
    {
        var expected = GoldenFile.State(GoldenFile.Json($"models/{name}.json")["state_dict"]!);

        var actual = StateFile.Read(GoldenFile.Path($"models/{name}.pth"));

        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var (key, tensor) in expected)
        {
            Assert.Equal(tensor.Type, actual[key].Type);
            Assert.Equal(tensor.Shape, actual[key].Shape);
            Assert.Equal(tensor.Bytes, actual[key].Bytes);
        }
    }

    [Fact]
    public void Read_takes_views_of_a_shared_record()
    {
        // The original saves a histogram's mask as row 7 of a table of masks.
        var histogram = Assert.IsType<TorchValue.Sequence>(TorchArchive.Read(GoldenFile.Path("fixtures/slcp-amnre_0_00110.pth")));

        var mask = Assert.IsType<TorchValue.Dense>(histogram.Items[0]).Tensor;
        Assert.Equal([false, false, true, true, false], mask.Values<bool>().ToArray());
        var cells = Assert.IsType<TorchValue.Dense>(histogram.Items[1]).Tensor;
        Assert.Equal([20, 20], cells.Shape);
        Assert.Equal(1, cells.Values<float>().ToArray().Sum(), 1e-5);
    }

    [Fact]
    public void Read_takes_sparse_tensors()
    {
        var histogram = Assert.IsType<TorchValue.Sequence>(TorchArchive.Read(GoldenFile.Path("fixtures/slcp-test_1.pth")));

        var cells = Assert.IsType<TorchValue.Sparse>(histogram.Items[1]);
        Assert.Equal([20, 20, 20, 20, 20], cells.Shape);
        Assert.Equal(1, cells.Values.Values<float>().ToArray().Sum(), 1e-4);
    }

    [Fact]
    public void What_is_written_is_read_back_and_its_bytes_depend_on_nothing_else()
    {
        using var folder = new ScratchDirectory();
        TorchArchive.Write(folder["a.pth"], Everything());
        TorchArchive.Write(folder["b.pth"], Everything());

        Assert.Equal(File.ReadAllBytes(folder["a.pth"]), File.ReadAllBytes(folder["b.pth"]));
        var back = Assert.IsType<TorchValue.Mapping>(TorchArchive.Read(folder["a.pth"])).Items;
        Assert.Equal(Everything().Items.Keys, back.Keys);
        Assert.Equal([1.5f, -2], ((TorchValue.Dense)back["f32"]).Tensor.Values<float>().ToArray());
        Assert.Equal(long.MinValue, ((TorchValue.Integer)back["integer"]).Value);
        Assert.Equal("θ", ((TorchValue.Text)((TorchValue.Sequence)back["tuple"]).Items[0]).Value);
        Assert.Equal([2, 1], ((TorchValue.Sparse)back["sparse"]).Indices.Shape);
        Assert.Equal(["a.pth", "b.pth"], Directory.GetFiles(folder.Root).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void PyTorch_reads_what_is_written()
    {
        using var folder = new ScratchDirectory();
        var everything = Everything();
        // PyTorch 1.13 refuses floating-point numbers with weights_only; later versions take them.
        everything.Items.Remove("real");
        TorchArchive.Write(folder["a.pth"], everything);

        var printed = PythonTorch.Run(
            """
            import sys, torch
            try:
                v = torch.load(sys.argv[1], weights_only=True)
            except TypeError:
                v = torch.load(sys.argv[1])
            print(type(v).__name__, v['f32'].tolist(), v['i64'].tolist(), v['i64'].dtype, v['bool'].tolist(), v['scalar'].shape, v['empty'].shape)
            """, folder["a.pth"]);

        Assert.Equal("OrderedDict [1.5, -2.0] [[1, 2], [3, 4], [5, 6]] torch.int64 [True, False] torch.Size([]) torch.Size([0, 3])",
            printed);
    }

    [Fact]
    public void Read_takes_what_PyTorch_writes_of_views_transposes_and_expansions()
    {
        using var folder = new ScratchDirectory();
        PythonTorch.Run(
            """
            import sys, torch
            a = torch.arange(24, dtype=torch.float64).reshape(4, 6)
            torch.save({'t': a.t(), 'slice': a[1:3, 2:5], 'step': a[:, ::2], 'same': a, 'expanded': a[0, :1].expand(5), 'empty': a[:0],
                        'half': torch.tensor([1.5]).half(), 'bf16': torch.tensor([1.5]).bfloat16(), 'parameter': torch.nn.Parameter(torch.ones(2)),
                        'list': [1, 2.5, 'x', None, True, (1, 2)]}, sys.argv[1])
            """, folder["a.pth"]);

        var items = Assert.IsType<TorchValue.Mapping>(TorchArchive.Read(folder["a.pth"])).Items;

        double[] Values(string name) => ((TorchValue.Dense)items[name]).Tensor.Values<double>().ToArray();
        Assert.Equal([0, 6, 12, 18, 1], Values("t")[..5]);
        Assert.Equal([8, 9, 10, 14, 15, 16], Values("slice"));
        Assert.Equal([0, 2, 4, 6, 8], Values("step")[..5]);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (double)i), Values("same"));
        Assert.Equal([0, 0, 0, 0, 0], Values("expanded"));
        Assert.Empty(Values("empty"));
        Assert.Equal(ElementType.BFloat16, ((TorchValue.Dense)items["bf16"]).Tensor.Type);
        Assert.Equal([1, 1], ((TorchValue.Dense)items["parameter"]).Tensor.Values<float>().ToArray());
        Assert.Equal(6, ((TorchValue.Sequence)items["list"]).Items.Count);
    }

    [Theory]
    [InlineData("cos\nsystem\n(X\u0004\0\0\0echotR.", "os.system")]
    [InlineData("c__builtin__\neval\n.", "__builtin__.eval")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n)R.", "description is not understood")]
    [InlineData("(((((.", "wrong number of values")]
    [InlineData("N", "cut short")]
    [InlineData("h\u0005.", "never stored")]
    [InlineData("P123\n.", "operation 0x50")]
    [InlineData("i__builtin__\neval\n.", "operation 0x69")]
    public void Read_refuses_pickles_of_anything_but_tensors(string pickle, string reason)
    {
        using var folder = new ScratchDirectory();
        Zip(folder["a.pth"], Encoding.Latin1.GetBytes("\u0080\u0002" + pickle));

        var error = Assert.Throws<InputException>(() => TorchArchive.Read(folder["a.pth"]));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains(folder["a.pth"], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_refuses_tensors_that_reach_outside_their_record()
    {
        using var folder = new ScratchDirectory();
        string Pickle(string elements, string offset, string size, string stride) =>
            "ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuK" +
                $"{elements}tQK{offset}(K{size}t(K{stride}t\u0089ccollections\nOrderedDict\n)RtR.";
        foreach (var (pickle, readable) in new[]
        {
            (Pickle("\u0004", "\u0000", "\u0004", "\u0001"), true),
            (Pickle("\u0004", "\u0003", "\u0005", "\u0000"), true),
            (Pickle("\u0004", "\u0001", "\u0004", "\u0001"), false),
            (Pickle("\u0004", "\u0000", "\u0003", "\u0002"), false),
            (Pickle("\u0005", "\u0000", "\u0004", "\u0001"), false),
        })
        {
            Zip(folder["a.pth"], Encoding.Latin1.GetBytes("\u0080\u0002" + pickle), new byte[16]);
            var read = Record.Exception(() => TorchArchive.Read(folder["a.pth"]));
            if (readable) Assert.Null(read);
            else Assert.IsType<InputException>(read);
        }
    }

    [Fact]
    public void Read_of_damaged_files_ends_with_a_message_or_a_value()
    {
        using var folder = new ScratchDirectory();
        var whole = File.ReadAllBytes(GoldenFile.Path("fixtures/slcp-amnre.pth"));
        for (ulong trial = 0; trial < 400; trial++)
        {
            var random = new CounterRandom(7, RandomPurpose.None, trial);
            var damaged = whole.ToArray();
            for (var i = 0; i < 3; i++) damaged[random.NextBelow((uint)damaged.Length)] = (byte)random.NextUInt32();
            if (trial % 4 == 0) damaged = damaged[..(int)random.NextBelow((uint)damaged.Length)];
            File.WriteAllBytes(folder["a.pth"], damaged);

            var error = Record.Exception(() => TorchArchive.Read(folder["a.pth"]));

            Assert.True(error is null or InputException, error?.ToString());
        }
    }

    [Fact]
    public void A_file_that_is_absent_or_no_archive_is_named()
    {
        using var folder = new ScratchDirectory();
        File.WriteAllText(folder["text.pth"], "hello");

        Assert.Contains("missing.pth", Assert.Throws<InputException>(() => TorchArchive.Read(folder["missing.pth"])).Message,
            StringComparison.Ordinal);
        Assert.Contains("text.pth", Assert.Throws<InputException>(() => TorchArchive.Read(folder["text.pth"])).Message,
            StringComparison.Ordinal);
    }

    private static TorchValue.Mapping Everything() => new(new OrderedDictionary<string, TorchValue>
    {
        ["f32"] = new TorchValue.Dense(StoredTensor.Of<float>([1.5f, -2])),
        ["i64"] = new TorchValue.Dense(StoredTensor.Of<long>([1, 2, 3, 4, 5, 6], 3, 2)),
        ["bool"] = new TorchValue.Dense(StoredTensor.Of<bool>([true, false])),
        ["scalar"] = new TorchValue.Dense(new StoredTensor(ElementType.Int64, [], new byte[8])),
        ["empty"] = new TorchValue.Dense(new StoredTensor(ElementType.Float32, [0, 3], [])),
        ["sparse"] = new TorchValue.Sparse(StoredTensor.Of<long>([1, 2], 2, 1), StoredTensor.Of<float>([0.5f]), [4, 4]),
        ["integer"] = new TorchValue.Integer(long.MinValue),
        ["real"] = new TorchValue.Real(0.1),
        ["tuple"] = new TorchValue.Sequence([new TorchValue.Text("θ"), new TorchValue.None(), new TorchValue.Flag(true)], true),
        ["list"] = new TorchValue.Sequence([new TorchValue.Integer(1)], false),
    });

    private static void Zip(string path, byte[] pickle, params byte[][] records)
    {
        using var file = File.Create(path);
        using var zip = new ZipArchive(file, ZipArchiveMode.Create);
        void Add(string name, byte[] content)
        {
            using var entry = zip.CreateEntry(name).Open();
            entry.Write(content);
        }

        Add("x/data.pkl", pickle);
        for (var i = 0; i < records.Length; i++) Add($"x/data/{i}", records[i]);
    }
}
