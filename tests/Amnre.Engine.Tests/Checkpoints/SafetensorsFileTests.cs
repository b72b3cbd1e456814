using System.Text;
using Amnre.Engine.Checkpoints;

namespace Amnre.Engine.Tests.Checkpoints;

public sealed class SafetensorsFileTests
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        using var folder = new ScratchDirectory();
        var tensors = new OrderedDictionary<string, StoredTensor>
        {
            ["b"] = StoredTensor.Of<float>([1, 2, 3, 4, 5, 6], 2, 3),
            ["a"] = StoredTensor.Of<bool>([true]),
            ["n"] = new StoredTensor(ElementType.Int64, [], new byte[8]),
        };
        new SafetensorsFile(tensors, new Dictionary<string, string> { ["state"] = "{\"epoch\": 3}" }).Write(folder["a.safetensors"]);

        var back = SafetensorsFile.Read(folder["a.safetensors"]);

        Assert.Equal(["b", "a", "n"], back.Tensors.Keys);
        Assert.Equal([2, 3], back.Tensors["b"].Shape);
        Assert.Equal([1f, 2, 3, 4, 5, 6], back.Tensors["b"].Values<float>().ToArray());
        Assert.Equal("{\"epoch\": 3}", back.Metadata["state"]);
    }

    [Theory]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", "fit its shape")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", "outside the file")]
    [InlineData("{\"a\":{\"dtype\":\"F99\",\"shape\":[2],\"data_offsets\":[0,8]}}", "unknown type")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", "negative")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,9],\"data_offsets\":[0,8]}}", "not a readable")]
    [InlineData("{\"a\":1}", "not described")]
    [InlineData("[]", "not an object")]
    [InlineData("{", "not a readable")]
    public void Read_refuses_what_does_not_fit(string header, string reason)
    {
        using var folder = new ScratchDirectory();
        var bytes = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(folder["a.safetensors"], [.. BitConverter.GetBytes((long)bytes.Length), .. bytes, .. new byte[8]]);

        Assert.Contains(reason, Assert.Throws<InputException>(() => SafetensorsFile.Read(folder["a.safetensors"])).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(30)]
    public void Read_refuses_a_cut_file(int length)
    {
        using var folder = new ScratchDirectory();
        new SafetensorsFile(new() { ["a"] = StoredTensor.Of<float>([1, 2]) },
            new Dictionary<string, string>()).Write(folder["a.safetensors"]);
        File.WriteAllBytes(folder["a.safetensors"], File.ReadAllBytes(folder["a.safetensors"])[..length]);

        Assert.Throws<InputException>(() => SafetensorsFile.Read(folder["a.safetensors"]));
    }
}
